#pragma once
#include <stddef.h>
#include <stdint.h>

// What Parley calls of ONNX Runtime's C interface, declared here because the library is opened at run time and the build
// must not need it. The functions stand in one table; their places are fixed for good since interface version 1, and the
// library refuses a version that it does not have.
#define PARLEY_ORT_API_VERSION 23

typedef struct OrtStatus OrtStatus;
typedef struct OrtEnv OrtEnv;
typedef struct OrtSession OrtSession;
typedef struct OrtSessionOptions OrtSessionOptions;
typedef struct OrtMemoryInfo OrtMemoryInfo;
typedef struct OrtValue OrtValue;
typedef struct OrtShapeInfo OrtShapeInfo;
typedef struct OrtRunOptions OrtRunOptions;

// Element types of tensors.
enum { parley_ort_float = 1, parley_ort_int64 = 7 };

typedef const void *const *parley_ort_api;

#define PARLEY_ORT(place, result, ...) ((result (*)(__VA_ARGS__))(uintptr_t)api[place])

/// `symbol` is the address of OrtGetApiBase; null when the library is older than the interface.
static inline parley_ort_api parley_ort_get_api(void *symbol) {
    typedef struct {
        parley_ort_api (*get_api)(uint32_t);
        const char *(*get_version)(void);
    } base;
    const base *found = ((const base *(*)(void))(uintptr_t)symbol)();
    return found ? found->get_api(PARLEY_ORT_API_VERSION) : NULL;
}
static inline const char *parley_ort_message(parley_ort_api api, const OrtStatus *status) {
    return PARLEY_ORT(2, const char *, const OrtStatus *)(status);
}
static inline void parley_ort_release_status(parley_ort_api api, OrtStatus *status) {
    PARLEY_ORT(93, void, OrtStatus *)(status);
}
static inline OrtStatus *parley_ort_create_env(parley_ort_api api, int level, const char *name, OrtEnv **env) {
    return PARLEY_ORT(3, OrtStatus *, int, const char *, OrtEnv **)(level, name, env);
}
static inline OrtStatus *parley_ort_create_options(parley_ort_api api, OrtSessionOptions **options) {
    return PARLEY_ORT(10, OrtStatus *, OrtSessionOptions **)(options);
}
static inline OrtStatus *parley_ort_set_threads(parley_ort_api api, OrtSessionOptions *options, int threads) {
    OrtStatus *status = PARLEY_ORT(24, OrtStatus *, OrtSessionOptions *, int)(options, threads);
    return status ? status : PARLEY_ORT(25, OrtStatus *, OrtSessionOptions *, int)(options, 1);
}
static inline void parley_ort_release_options(parley_ort_api api, OrtSessionOptions *options) {
    PARLEY_ORT(100, void, OrtSessionOptions *)(options);
}
static inline OrtStatus *parley_ort_create_session(
    parley_ort_api api, const OrtEnv *env, const char *path, const OrtSessionOptions *options, OrtSession **session) {
    return PARLEY_ORT(7, OrtStatus *, const OrtEnv *, const char *, const OrtSessionOptions *, OrtSession **)(
        env, path, options, session);
}
static inline OrtStatus *parley_ort_create_session_from(
    parley_ort_api api, const OrtEnv *env, const void *model, size_t bytes, const OrtSessionOptions *options,
    OrtSession **session) {
    return PARLEY_ORT(
        8, OrtStatus *, const OrtEnv *, const void *, size_t, const OrtSessionOptions *, OrtSession **)(
        env, model, bytes, options, session);
}
static inline void parley_ort_release_session(parley_ort_api api, OrtSession *session) {
    PARLEY_ORT(95, void, OrtSession *)(session);
}
static inline OrtStatus *parley_ort_create_memory_info(parley_ort_api api, OrtMemoryInfo **info) {
    // Arena allocator, default memory: the processor's own.
    return PARLEY_ORT(69, OrtStatus *, int, int, OrtMemoryInfo **)(1, 0, info);
}
static inline OrtStatus *parley_ort_create_tensor(
    parley_ort_api api, const OrtMemoryInfo *info, void *data, size_t bytes, const int64_t *shape, size_t dimensions,
    int type, OrtValue **value) {
    return PARLEY_ORT(
        49, OrtStatus *, const OrtMemoryInfo *, void *, size_t, const int64_t *, size_t, int, OrtValue **)(
        info, data, bytes, shape, dimensions, type, value);
}
static inline void parley_ort_release_value(parley_ort_api api, OrtValue *value) {
    PARLEY_ORT(96, void, OrtValue *)(value);
}
static inline OrtStatus *parley_ort_run(
    parley_ort_api api, OrtSession *session, const char *const *input_names, const OrtValue *const *inputs,
    size_t input_count, const char *const *output_names, size_t output_count, OrtValue **outputs) {
    return PARLEY_ORT(
        9, OrtStatus *, OrtSession *, const OrtRunOptions *, const char *const *, const OrtValue *const *, size_t,
        const char *const *, size_t, OrtValue **)(
        session, NULL, input_names, inputs, input_count, output_names, output_count, outputs);
}
static inline OrtStatus *parley_ort_shape_info(parley_ort_api api, const OrtValue *value, OrtShapeInfo **info) {
    return PARLEY_ORT(65, OrtStatus *, const OrtValue *, OrtShapeInfo **)(value, info);
}
static inline OrtStatus *parley_ort_element_type(parley_ort_api api, const OrtShapeInfo *info, int *type) {
    return PARLEY_ORT(60, OrtStatus *, const OrtShapeInfo *, int *)(info, type);
}
static inline OrtStatus *parley_ort_dimension_count(parley_ort_api api, const OrtShapeInfo *info, size_t *count) {
    return PARLEY_ORT(61, OrtStatus *, const OrtShapeInfo *, size_t *)(info, count);
}
static inline OrtStatus *parley_ort_dimensions(
    parley_ort_api api, const OrtShapeInfo *info, int64_t *values, size_t count) {
    return PARLEY_ORT(62, OrtStatus *, const OrtShapeInfo *, int64_t *, size_t)(info, values, count);
}
static inline void parley_ort_release_shape_info(parley_ort_api api, OrtShapeInfo *info) {
    PARLEY_ORT(99, void, OrtShapeInfo *)(info);
}
static inline OrtStatus *parley_ort_data(parley_ort_api api, OrtValue *value, void **data) {
    return PARLEY_ORT(51, OrtStatus *, OrtValue *, void **)(value, data);
}
