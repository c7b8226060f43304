-- The tokens of outside services in one table: the official account's, which had
-- its own, and the e-invoice provider's. A token that is lost here is fetched anew.

CREATE TABLE service_token (
  name           VARCHAR(64) CHARACTER SET ascii NOT NULL PRIMARY KEY COMMENT 'service and account: wechat:APPID',
  generation     INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'goes up with each new token',
  token          VARBINARY(700) NULL COMMENT 'sealed service_token.token:NAME',
  fetched_at     DATETIME(3) NULL,
  fresh_until    DATETIME(3) NULL COMMENT 'then somebody fetches the next one',
  good_until     DATETIME(3) NULL COMMENT 'until then the others use this one',
  fetched_by     CHAR(26) CHARACTER SET ascii NULL,
  fetching_until DATETIME(3) NULL COMMENT 'the claim of fetched_by; without one: until then nobody asks'
) ENGINE=InnoDB COMMENT='one fetcher at a time';

DROP TABLE wechat_token;
