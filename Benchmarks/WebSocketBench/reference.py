"""The reference: FastAPI on uvloop, as most Python voice servers are built. It reads `input_audio_buffer.append`
events,
decodes the base64 to PCM16, and with ?echo=1 sends the same samples back as an audio delta.

    reference.py        serves 127.0.0.1 on a port the system picks, which it prints
"""

import base64
import socket

import uvicorn
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.websocket("/v1/realtime")
async def realtime(websocket: WebSocket) -> None:
    await websocket.accept()
    echo = websocket.query_params.get("echo") == "1"
    count, received = 0, 0
    try:
        while True:
            event = await websocket.receive_json()
            pcm = base64.b64decode(event["audio"])
            received += len(pcm)
            if echo:
                count += 1
                await websocket.send_json(
                    {
                        "type": "response.output_audio.delta",
                        "event_id": f"event_{count}",
                        "response_id": "resp_1",
                        "item_id": "item_1",
                        "output_index": 0,
                        "content_index": 0,
                        "delta": base64.b64encode(pcm).decode(),
                    }
                )
    except WebSocketDisconnect:
        pass


if __name__ == "__main__":
    listener = socket.create_server(("127.0.0.1", 0))
    print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    uvicorn.Server(uvicorn.Config(app, loop="uvloop", ws="websockets", log_level="warning")).run([listener])
