#include "sim/finish.h"

static const GmqFinish finishes[] = {
    {GMQ_FINISH_ACK, true, true, GMQ_PROCESSED_NOW},
    {GMQ_FINISH_ACK_ALL, true, true, GMQ_PROCESSED_NOW},
    {GMQ_FINISH_LATER, true, false, GMQ_PROCESSED_LATER},
    {GMQ_FINISH_SETTLED, true, false, GMQ_PROCESSED_NOW},
    {GMQ_FINISH_NOTHING, true, false, GMQ_PROCESSED_NEVER},
    {GMQ_FINISH_TOO_LATE, true, false, GMQ_PROCESSED_NEVER},
    {GMQ_FINISH_REJECT, false, false, GMQ_PROCESSED_NOT},
    {GMQ_FINISH_REQUEUE, false, false, GMQ_PROCESSED_NOT},
    {GMQ_FINISH_CRASH, false, false, GMQ_PROCESSED_NEVER},
    {GMQ_FINISH_CLOSE, true, false, GMQ_PROCESSED_NEVER},
    {GMQ_FINISH_KNOWN, false, true, GMQ_PROCESSED_ALONE},
    {GMQ_FINISH_UNSAID, false, false, GMQ_PROCESSED_NEVER},
};

const GmqFinish *
gmq_finish_find(const char *text)
{
    static const GmqFinish unknown = {"", false, false, GMQ_PROCESSED_NOT};

    for (unsigned i = 0; i < G_N_ELEMENTS(finishes); i++) {
        if (strcmp(finishes[i].text, text) == 0)
            return &finishes[i];
    }
    return &unknown;
}
