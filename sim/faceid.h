/* faceid.h: what the sides of the sim's face identity service share. */
#ifndef SIM_FACEID_H
#define SIM_FACEID_H

#include "core.h"

#define FACEID_PATH "/sim/faceid"

/* faceid-sign.c: NULL when the request is signed as the document of signature
 * version 3 says, else the name of the error. */
const char *faceid_signature_error(const struct core *);

/* faceid-check.c: the two interfaces; faceid.c: their errors. */
void faceid_detect(struct core *, const json_t *asked);
void faceid_info(struct core *, const json_t *asked, const char *fault);
void faceid_error(struct core *, const char *code, const char *message);
/* Takes the JSON over, as the Response, with a request id. */
void faceid_answer(struct core *, json_t *response);

/* faceid-page.c: the page that the phone is sent to, and the choices made there. */
void faceid_page(struct core *);
void faceid_choose(struct core *);

#endif
