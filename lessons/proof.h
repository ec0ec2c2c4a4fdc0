/* proof.h - what a lesson says of its runs, held against these runs.
 *
 * A run is the same every time, so what a lesson says of one can be proved. Each scenario of a
 * lesson is run once, with its own seed. */
#pragma once

#include "lessons/lesson.h"
#include "viz/stage.h"

G_BEGIN_DECLS

/* What a proof does not find; the message is a sentence. */
#define GMQ_PROOF_ERROR gmq_proof_error_quark()
GQuark gmq_proof_error_quark(void);

typedef enum {
    GMQ_PROOF_ERROR_FALSE,
} GmqProofError;

typedef struct GmqProof GmqProof;

/* The lesson is lent and must outlive the proof. */
GmqProof *gmq_proof_new(const GmqLesson *lesson);
void gmq_proof_free(GmqProof *proof);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqProof, gmq_proof_free)

/* The whole run of that file of the lesson; lent. NULL with an error when it is no scenario. */
const GmqStage *gmq_proof_stage(GmqProof *proof, const char *file, GError **error);

/* Whether the event of that number matches the filter. */
gboolean gmq_proof_see(const GmqStage *stage, const GmqSee *see, GError **error);

/* What the proof of the task finds in the run: "#44", "p1-5", "1.470s", "3". The caller frees it.
 * NULL with an error for a filter that is wrong, or finds nothing that could be taken. */
char *gmq_proof_answer(const GmqStage *stage, const GmqTask *task, GError **error);

G_END_DECLS
