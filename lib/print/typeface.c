/* typeface.c: where the letters of a print come from. */
#include "print/typeface.h"

#include <pango/pangofc-fontmap.h>

#include "base/buffer.h"

static PangoFontMap *common;

static bool add(FcConfig *config, const char *folder, const char *name)
{
	struct buffer file = BUFFER_INIT;
	bool added;

	buffer_printf(&file, "%s/%s", folder, name);
	added = FcConfigAppFontAddFile(config, (const FcChar8 *)buffer_text(&file));
	buffer_release(&file);
	return added;
}

void typeface_open(const char *folder)
{
	FcConfig *config;

	if (common)
		return;
	config = FcConfigCreate();
	if (add(config, folder, "regular.otf") && add(config, folder, "bold.otf")) {
		common = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
		pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(common), config);
	}
	FcConfigDestroy(config); /* the map holds it by a count */
}

PangoFontMap *typeface_common(void)
{
	return common;
}

PangoFontMap *typeface_whole(void)
{
	return pango_cairo_font_map_get_default();
}
