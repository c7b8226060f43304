<?xml version="1.0" encoding="UTF-8"?>
<!-- form-lists.xsl: one form's line in the lists of all forms that the build makes:
     forms.h (list=declare), all.c (list=all) and headings.h (list=heading). -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output method="text" encoding="UTF-8"/>
  <xsl:param name="list"/>

  <xsl:template match="/form">
    <xsl:variable name="symbol" select="concat('form_', translate(@name, '-', '_'))"/>
    <xsl:choose>
      <xsl:when test="$list = 'declare'">
        <xsl:value-of select="concat('extern const struct form ', $symbol, ';&#10;')"/>
      </xsl:when>
      <xsl:when test="$list = 'all'">
        <xsl:value-of select="concat('&#9;&amp;', $symbol, ',&#10;')"/>
      </xsl:when>
      <xsl:when test="$list = 'heading'">
        <xsl:value-of select="concat('&#9;{ &quot;', @name, '&quot;, &quot;', @title,
                                     '&quot;, ', @step, ' }, \&#10;')"/>
      </xsl:when>
    </xsl:choose>
  </xsl:template>
</xsl:stylesheet>
