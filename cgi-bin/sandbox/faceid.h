/* faceid.h: what the sides of the sandbox's face identity service share. */
#ifndef SANDBOX_FACEID_H
#define SANDBOX_FACEID_H

#include "stage.h"

#define FACEID_PATH "/sandbox/faceid"

/* faceid-sign.c: NULL when the request is signed as the document of signature
 * version 3 says, else the name of the error. */
const char *faceid_signature_error(const struct stage *);

/* faceid-check.c: the two interfaces; faceid.c: their errors. */
void faceid_detect(struct stage *, const json_t *asked);
void faceid_info(struct stage *, const json_t *asked, const char *trouble);
void faceid_error(struct stage *, const char *code, const char *message);
/* Takes the JSON over, as the Response, with a request id. */
void faceid_answer(struct stage *, json_t *response);

/* faceid-page.c: the page that the phone is sent to, and the choices made there. */
void faceid_page(struct stage *);
void faceid_choose(struct stage *);

#endif
