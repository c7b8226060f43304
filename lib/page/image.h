/* image.h: a scan as a picture, for the programs that may show one.
 *
 * apply/image and clerk/image differ only in their roles; both answer with
 * page_show_image. The scan is named by ?scan=PUBLIC_ID and must belong to the
 * page's application; &size=thumb gives the small one. */
#ifndef PAGE_IMAGE_H
#define PAGE_IMAGE_H

#include "page/page.h"

/* A handler for page_spec.show. */
void page_show_image(struct page *);

#endif
