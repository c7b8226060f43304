<?xml version="1.0" encoding="UTF-8"?>
<!-- form-to-c.xsl: a form definition as a C table (lib/form/form.h). The
     grammar forms.rng keeps quotes and backslashes out of every text. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output method="text" encoding="UTF-8"/>
  <xsl:variable name="lower" select="'abcdefghijklmnopqrstuvwxyz-'"/>
  <xsl:variable name="upper" select="'ABCDEFGHIJKLMNOPQRSTUVWXYZ_'"/>

  <xsl:template match="/form">
    <xsl:variable name="table" select="translate(@name, '-', '_')"/>
    <xsl:text>/* Made from forms/</xsl:text>
    <xsl:value-of select="@name"/>
    <xsl:text>.xml by form-to-c.xsl. */&#10;#include "forms/forms.h"&#10;&#10;</xsl:text>
    <xsl:apply-templates select="*[option]" mode="options"/>
    <xsl:text>static const struct form_field field[] = {&#10;</xsl:text>
    <xsl:apply-templates select="*"/>
    <xsl:text>};&#10;&#10;const struct form form_</xsl:text>
    <xsl:value-of select="$table"/>
    <xsl:text> = {&#10;</xsl:text>
    <xsl:call-template name="text">
      <xsl:with-param name="key" select="'name'"/>
      <xsl:with-param name="value" select="@name"/>
    </xsl:call-template>
    <xsl:call-template name="text">
      <xsl:with-param name="key" select="'table'"/>
      <xsl:with-param name="value" select="$table"/>
    </xsl:call-template>
    <xsl:apply-templates select="@title" mode="text"/>
    <xsl:apply-templates select="@step" mode="number"/>
    <xsl:text>&#9;.field = field,&#10;</xsl:text>
    <xsl:text>&#9;.field_count = ARRAY_SIZE(field),&#10;};&#10;</xsl:text>
  </xsl:template>

  <xsl:template match="form/*">
    <xsl:text>&#9;{&#10;&#9;.type = FORM_</xsl:text>
    <xsl:value-of select="translate(local-name(), $lower, $upper)"/>
    <xsl:text>,&#10;</xsl:text>
    <xsl:apply-templates mode="text" select="@name | @label | @hint | @warning
                                             | @example | @print | @from | @autocomplete"/>
    <xsl:apply-templates mode="number" select="@max | @pages"/>
    <xsl:if test="@required">
      <xsl:text>&#9;.required = true,&#10;</xsl:text>
    </xsl:if>
    <xsl:if test="option">
      <xsl:text>&#9;.option = </xsl:text>
      <xsl:value-of select="@name"/>
      <xsl:text>_option,&#10;&#9;.option_count = ARRAY_SIZE(</xsl:text>
      <xsl:value-of select="@name"/>
      <xsl:text>_option),&#10;</xsl:text>
    </xsl:if>
    <xsl:text>&#9;},&#10;</xsl:text>
  </xsl:template>

  <xsl:template match="form/*" mode="options">
    <xsl:text>static const struct form_option </xsl:text>
    <xsl:value-of select="@name"/>
    <xsl:text>_option[] = {&#10;</xsl:text>
    <xsl:for-each select="option">
      <xsl:text>&#9;{&#10;</xsl:text>
      <xsl:apply-templates mode="text" select="@value | @label | @hint"/>
      <xsl:text>&#9;},&#10;</xsl:text>
    </xsl:for-each>
    <xsl:text>};&#10;&#10;</xsl:text>
  </xsl:template>

  <xsl:template match="@*" mode="text">
    <xsl:call-template name="text">
      <xsl:with-param name="key" select="local-name()"/>
      <xsl:with-param name="value" select="."/>
    </xsl:call-template>
  </xsl:template>

  <xsl:template match="@*" mode="number">
    <xsl:value-of select="concat('&#9;.', local-name(), ' = ', ., ',&#10;')"/>
  </xsl:template>

  <xsl:template name="text">
    <xsl:param name="key"/>
    <xsl:param name="value"/>
    <xsl:value-of select="concat('&#9;.', $key, ' = &quot;', $value, '&quot;,&#10;')"/>
  </xsl:template>
</xsl:stylesheet>
