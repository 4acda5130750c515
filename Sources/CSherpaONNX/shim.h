#pragma once
#include <stdint.h>

// What Parley calls of sherpa-onnx's C interface, declared here because the library is opened at run time and the build
// must not need it. The layouts are those of one version, which is compared when the library is opened. Only the members
// that are set have names that say what they are; the rest stands for kinds of models that are not used.
#define PARLEY_SHERPA_VERSION "2.0.1"

typedef struct {
    const char *preprocessor;
    const char *encoder;
    const char *uncached_decoder;
    const char *cached_decoder;
    const char *merged_decoder;
} parley_sherpa_moonshine;

typedef struct {
    struct {
        const char *encoder;
        const char *decoder;
        const char *joiner;
    } transducer;
    const char *paraformer;
    const char *nemo_ctc;
    struct {
        const char *encoder;
        const char *decoder;
        const char *language;
        const char *task;
        int32_t numbers[3];
    } whisper;
    const char *tdnn;
    const char *tokens;
    int32_t num_threads;
    int32_t debug;
    const char *provider;
    const char *model_type;
    const char *modeling_unit;
    const char *bpe_vocab;
    const char *telespeech_ctc;
    struct {
        const char *model;
        const char *language;
        int32_t number;
    } sense_voice;
    parley_sherpa_moonshine moonshine;
    const char *fire_red_asr[2];
    const char *dolphin;
    const char *zipformer_ctc;
    struct {
        const char *texts[4];
        int32_t number;
    } canary;
    const char *wenet_ctc;
    const char *omnilingual;
    const char *medasr;
    struct {
        const char *texts[6];
        int32_t max_new_tokens;
        float sampling[2];
        int32_t seed;
        const char *language;
        int32_t itn;
        const char *hotwords;
    } funasr_nano;
    const char *fire_red_asr_ctc;
    struct {
        const char *texts[4];
        int32_t limits[2];
        float sampling[2];
        int32_t seed;
        const char *hotwords;
    } qwen3_asr;
    struct {
        const char *texts[3];
        int32_t numbers[2];
    } cohere_transcribe;
} parley_sherpa_offline_model;

typedef struct {
    int32_t sample_rate;
    int32_t feature_dim;
    parley_sherpa_offline_model model;
    const char *lm;
    float lm_scale;
    const char *decoding_method;
    int32_t max_active_paths;
    const char *hotwords_file;
    float hotwords_score;
    const char *rule_fsts;
    const char *rule_fars;
    float blank_penalty;
    const char *homophones[3];
    const char *ctc_graph;
    int32_t ctc_max_active;
} parley_sherpa_recognizer_config;

/// The first member of a result; what follows it is not read.
typedef struct {
    const char *text;
} parley_sherpa_result;

typedef struct {
    struct {
        const char *model;
        const char *lexicon;
        const char *tokens;
        const char *data_dir;
        float noise_scale;
        float noise_scale_w;
        float length_scale;
        const char *dict_dir;
    } vits;
    int32_t num_threads;
    int32_t debug;
    const char *provider;
    struct {
        const char *acoustic_model;
        const char *vocoder;
        const char *lexicon;
        const char *tokens;
        const char *data_dir;
        float noise_scale;
        float length_scale;
        const char *dict_dir;
    } matcha;
    struct {
        const char *model;
        const char *voices;
        const char *tokens;
        const char *data_dir;
        float length_scale;
        const char *dict_dir;
        const char *lexicon;
        const char *lang;
    } kokoro;
    struct {
        const char *texts[4];
        float length_scale;
        const char *lexicon;
    } kitten;
    struct {
        const char *texts[6];
        float scales[4];
    } zipvoice;
    struct {
        const char *texts[7];
        int32_t capacity;
    } pocket;
    const char *supertonic[7];
} parley_sherpa_voice_model;

typedef struct {
    parley_sherpa_voice_model model;
    const char *rule_fsts;
    int32_t max_num_sentences;
    const char *rule_fars;
    float silence_scale;
} parley_sherpa_voice_config;

typedef struct {
    float silence_scale;
    float speed;
    int32_t sid;
    const float *reference_audio;
    int32_t reference_numbers[2];
    const char *reference_text;
    int32_t num_steps;
    const char *extra;
    // Code points of the phonemes of all sentences, one sentence after another, and how many each has.
    const int32_t *phoneme_codepoints;
    const int32_t *phoneme_codepoints_lens;
    int32_t phoneme_codepoints_num_sentences;
    const char *const *tokens;
    const int32_t *tokens_lens;
    int32_t tokens_num_sentences;
} parley_sherpa_speech_config;

typedef struct {
    const float *samples;
    int32_t n;
    int32_t sample_rate;
} parley_sherpa_speech;

typedef struct {
    const float *samples;
    int32_t n;
} parley_sherpa_resampled;
