<?xml version="1.0" encoding="UTF-8"?>
<!-- message-to-c.xsl: a message as a C table (lib/message/message.h). The grammar
     messages.rng keeps quotes and backslashes out of every text. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output method="text" encoding="UTF-8"/>
  <xsl:variable name="lower" select="'abcdefghijklmnopqrstuvwxyz'"/>
  <xsl:variable name="upper" select="'ABCDEFGHIJKLMNOPQRSTUVWXYZ'"/>

  <xsl:template match="/message">
    <xsl:text>/* Made from messages/ by message-to-c.xsl. */&#10;#include "messages/messages.h"&#10;&#10;</xsl:text>
    <xsl:text>static const struct message_block block[] = {&#10;</xsl:text>
    <xsl:apply-templates select="p | reasons | action"/>
    <xsl:text>};&#10;&#10;const struct message_template message_</xsl:text>
    <xsl:value-of select="concat(@kind, ' = {&#10;')"/>
    <xsl:value-of select="concat('&#9;.kind = &quot;', @kind, '&quot;,&#10;')"/>
    <xsl:value-of select="concat('&#9;.scope = MESSAGE_OF_', translate(@about, $lower, $upper), ',&#10;')"/>
    <xsl:value-of select="concat('&#9;.asks = ', @asks = 'yes', ',&#10;')"/>
    <xsl:value-of select="concat('&#9;.subject = &quot;', subject, '&quot;,&#10;')"/>
    <xsl:value-of select="concat('&#9;.status = &quot;', @status, '&quot;,&#10;')"/>
    <xsl:value-of select="concat('&#9;.note = &quot;', @note, '&quot;,&#10;')"/>
    <xsl:text>&#9;.block = block,&#10;&#9;.block_count = ARRAY_SIZE(block),&#10;};&#10;</xsl:text>
  </xsl:template>

  <xsl:template match="p">
    <xsl:value-of select="concat('&#9;{ MESSAGE_PARAGRAPH, &quot;', ., '&quot;, ')"/>
    <xsl:choose>
      <xsl:when test="@where"><xsl:value-of select="concat('&quot;', @where, '&quot;')"/></xsl:when>
      <xsl:otherwise>NULL</xsl:otherwise>
    </xsl:choose>
    <xsl:text> },&#10;</xsl:text>
  </xsl:template>
  <xsl:template match="reasons">
    <xsl:text>&#9;{ MESSAGE_REASONS, NULL, NULL },&#10;</xsl:text>
  </xsl:template>
  <xsl:template match="action">
    <xsl:value-of select="concat('&#9;{ MESSAGE_ACTION, &quot;', ., '&quot;, NULL },&#10;')"/>
  </xsl:template>
</xsl:stylesheet>
