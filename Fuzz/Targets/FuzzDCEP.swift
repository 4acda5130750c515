import Wire

/// Data channel messages: what is read goes both ways.
func fuzz(_ input: UnsafeRawBufferPointer) {
    guard let message = try? DCEPMessage.parse(Array(input)) else { return }
    precondition((try? DCEPMessage.parse(message.serialize())) == message)
}
