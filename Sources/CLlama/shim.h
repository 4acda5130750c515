#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// What Parley calls of llama.cpp's C interface, declared here because the library is opened at run time and the build must
// not need it. The layouts are those of the pinned version (ModelLibrary), which is part of the library's path. Members
// that are not set have no more than a place.
typedef struct llama_model llama_model;
typedef struct llama_context llama_context;
typedef struct llama_vocab llama_vocab;
typedef struct llama_memory llama_memory;
typedef struct llama_sampler llama_sampler;

typedef struct {
    void *devices;
    const void *buffer_overrides;
    int32_t n_gpu_layers;
    int32_t split_mode;
    int32_t load_mode;
    int32_t lazy_mode;
    int32_t main_gpu;
    const float *tensor_split;
    bool (*progress)(float progress, void *data);
    void *progress_data;
    const void *overrides;
    bool vocab_only, check_tensors, use_extra_buffers, no_host, no_alloc, load_mtp;
} parley_llama_model_params;

typedef struct {
    uint32_t n_ctx;
    uint32_t n_batch;
    uint32_t n_ubatch;
    uint32_t n_seq_max;
    uint32_t outputs[3];
    int32_t n_threads;
    int32_t n_threads_batch;
    int32_t types[5];
    float scaling[6];
    uint32_t yarn_original_context;
    float defragmentation_threshold;
    void *evaluation_callback;
    void *evaluation_data;
    int32_t cache_types[2];
    bool (*abort)(void *data);
    void *abort_data;
    bool embeddings, offload_kqv, no_perf, op_offload, swa_full, kv_unified;
    void *samplers;
    size_t sampler_count;
    void *other;
} parley_llama_context_params;

typedef struct {
    int32_t threads;
    int32_t file_type;
    int32_t tensor_types[2];
    bool allow_requantize, quantize_output, only_copy, pure, keep_split, dry_run;
    const void *importance;
    const void *overrides;
    const void *tensor_overrides;
    const int32_t *prune_layers;
    size_t max_buffer_bytes;
} parley_llama_quantize_params;

// Kind of weights: blocks of 32 with four bits each, which processors without special instructions read fastest.
enum { parley_llama_q4_0 = 2 };

typedef struct {
    int32_t n_tokens;
    int32_t *token;
    float *embeddings;
    int32_t *position;
    int32_t *n_seq_id;
    int32_t **seq_id;
    int8_t *output;
} parley_llama_batch;

typedef struct {
    const char *role;
    const char *content;
} parley_llama_message;

typedef struct {
    bool no_perf;
} parley_llama_sampler_params;
