/* wechatpay-vectors.h: one notification with all that belongs to it, made with keys that
 * are good for nothing else; other implementations agree on it. */
#ifndef T_SERVICE_WECHATPAY_VECTORS_H
#define T_SERVICE_WECHATPAY_VECTORS_H

#define VECTOR_APIV3_KEY "0123456789abcdef0123456789abcdef"
#define VECTOR_TIME "1767225606"
#define VECTOR_NOW 1767225606
#define VECTOR_NONCE "c5ac7061fccab6bf3e254dcf98995b8c"
#define VECTOR_PUBLIC_KEY                                                    \
	"-----BEGIN PUBLIC KEY-----\n"                                       \
	"MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAkvmd4NYdLGQcRSekGzpM\n" \
	"Xh81ZyrsoOJj+cHNGN8KMJhFzr59d4m5A8uVw3oc3HTfld0C6NfxB7K5Z7Il3MEa\n" \
	"bgIBrCqhLKT0hE0mz6DrdGeDPFVtFkc+CEMIUT1CRR6VgUEgQuAKiFyrTcamYKye\n" \
	"wM6m5KwBMNiV+gJD3ZWGq0VrUw1Yq+aVAZ72GBPdUZ6wV7VkfMLh4/qXm9xYn/eo\n" \
	"nJ7BSgYnXSsIua7ijPo4xE4mBu+YNN99uR1/95aEg71Xh6RqGVFQ9Z3zzUW2Cp0S\n" \
	"C5/6+1ubSWjY0OgL6qkK0DJ97WX42A58Q4B/fpOS5M9fYPd/FAsBJaMpGDgOQyaF\n" \
	"JQIDAQAB\n"                                                         \
	"-----END PUBLIC KEY-----\n"
#define VECTOR_BODY                                                                                 \
	"{\"id\":\"EV-2026010100000000001\",\"create_time\":\"2026-01-01T08:00:06+08:00\",\"resou"  \
	"rce_type\":\"encrypt-resource\",\"event_type\":\"TRANSACTION.SUCCESS\",\"summary\":\"支"  \
	"付成功\",\"resource\":{\"original_type\":\"transaction\",\"algorithm\":\"AEAD_AES_256"  \
	"_GCM\",\"ciphertext\":\"DUcegK33A8MEOgdCtMPWwAdqzVjy3c3BTENCdjZ/7K2gMk9D2phhIZLaM4qUhLED"  \
	"UqSrqBdzgGy/sMCWIPKVQdMoXuRLx2knYRN/TH0OBs8X7FCe6QtDzy2xLo2RH4mGD2HEnAqBwDoZGTSkNREMzUSW"  \
	"dSIcguoGn3isNS4C5dQEMLa1vFM8bSKatwKq/KD5ZtHAHPl3WI87TiPnWrbTjeG7l0uDX3zdLNsFt552PahUZmpo"  \
	"ygcam6xZTdBFDzK06D3gv/7XNyZyu8/LsAx1l8fQxDQNO4U+w5Ash2sRFzZdNJi+A7rZQ9Wd043YiU4+S0FzrXxq"  \
	"tmk0/dv2wDbzeFOrVQF/7vawfvf7BkUq8G96VA+xbXxITZOXS2OOhsFOvlekLlMqNuRAYFFVgTB+Sh5m3HxIYogc"  \
	"t8TtjD1tiFURv3jC/6M4iia0uM3miMc9k5V5P0d27ZxTl8RcLgvMGOxKr38pAPDjWgzY2DzV78Vtm2OJkLFwPSGV"  \
	"MG9CMqh9Tlk12vJp1gx0I0T9UBFyEVPrRtoKbUVXolOazsz2ZGkLA6ByidX801fy42jxBABfxyYdCcMFOw==\",\"" \
	"associated_data\":\"transaction\",\"nonce\":\"fdasflkja484\"}}"
#define VECTOR_SIGNATURE                                                                           \
	"FGvCk7F1Q5t1NcGbFaa1QElKLLz6BssOvr7dRl67ggF7akRVv5rIBI9TesSJ0AJL8SXpTwWxYlHIiziUYemaZUFK" \
	"ATeBYqafZ77KRZnah8+n9v9F2F3wrLx1F/5Ty4jhKa6wH7vykFfxezrcPpFhTV3ONIcFsBuqcalCEwoYnm9XBz0P" \
	"d/CtvDsaTxJSCPTc9KTvBLHdcLunzM0puURtH9E1clBc4AcxcDevRwt/Oe8pfeGPMbd3QD3Y1WnEmojqiwXP/4Bm" \
	"2T2XARp5O52RVJBglEX9qfFjunPfXomI8ABpnlMLV0CPQaaIewbzBbihExxQe4TnJO8Ur5kbAMHrfw=="
#define VECTOR_PLAIN                                                                               \
	"{\"mchid\":\"1900000001\",\"appid\":\"wx8888888888888888\",\"out_trade_no\":\"CA20260101" \
	"000001\",\"transaction_id\":\"4200000000202601010000000001\",\"trade_type\":\"JSAPI\",\"" \
	"trade_state\":\"SUCCESS\",\"trade_state_desc\":\"支付成功\",\"bank_type\":\"OTHERS\"" \
	",\"attach\":\"\",\"success_time\":\"2026-01-01T08:00:05+08:00\",\"payer\":{\"openid\":\"" \
	"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o\"},\"amount\":{\"total\":20000,\"payer_total\":20000,\"curr" \
	"ency\":\"CNY\",\"payer_currency\":\"CNY\"}}"

/* A certificate of its own: serial number and time as openssl tells them. */
#define VECTOR_SERIAL "5157F09EFDC096DE15EBE81A47057A7232F1B8E1"
#define VECTOR_NOT_BEFORE 1795633749
#define VECTOR_NOT_AFTER 1953313749
#define VECTOR_CERTIFICATE                                                   \
	"-----BEGIN CERTIFICATE-----\n"                                      \
	"MIIDVTCCAj2gAwIBAgIUUVfwnv3Alt4V6+gaRwV6cjLxuOEwDQYJKoZIhvcNAQEL\n" \
	"BQAwOjELMAkGA1UEBhMCQ04xEzARBgNVBAoMClRlbnBheS5jb20xFjAUBgNVBAMM\n" \
	"DVRlc3QgcGxhdGZvcm0wHhcNMjYxMTI1MTkwOTA5WhcNMzExMTI0MTkwOTA5WjA6\n" \
	"MQswCQYDVQQGEwJDTjETMBEGA1UECgwKVGVucGF5LmNvbTEWMBQGA1UEAwwNVGVz\n" \
	"dCBwbGF0Zm9ybTCCASIwDQYJKoZIhvcNAQEBBQADggEPADCCAQoCggEBAMDKQXR7\n" \
	"+ehQVLRYiq2flNEARgJSPzRgjeZ0ngrUJ0cf3kJTNxXjvGZICdm9daPjsm0Ft0Z6\n" \
	"xru2qM/EiNQDG/9Mf21jWNgwLn4lJ65NRufLLoB96rJwpen4JLNwF1rAa/h7kS27\n" \
	"LB7SAvkTtxlkaLE4Gt+dX9zkSEAZXORTsfLaGCieIxV2gyhioBfWaaRsm1KoFNI0\n" \
	"5nGoqPti3C08H85GkHxio7nX/X7P1ncBF1npT+fDYLLh68E/lLYd0d5LkOCIIrYL\n" \
	"CSVJFYNy3BsHxlmQacykpzdDZzUasrp3jo/6GEq72GBcWONxdorSuYmDssTAI5qS\n" \
	"w9bltNz5ArXl0w0CAwEAAaNTMFEwHQYDVR0OBBYEFEnZXr3uyjNPGqBFbWIYNhOx\n" \
	"cLNpMB8GA1UdIwQYMBaAFEnZXr3uyjNPGqBFbWIYNhOxcLNpMA8GA1UdEwEB/wQF\n" \
	"MAMBAf8wDQYJKoZIhvcNAQELBQADggEBAJjJj2CXP+01Vb65aQXNZSjAP49wUVyw\n" \
	"bmjbJa+hsj9SIze3Bz8L3fG+VxFXNQVHwhcOB2FyOtXyJxsWWOeq06H1TtNmnCsb\n" \
	"6savGu4+DIxfWsLkLtY1ftC5uqRj9+IaxV5muHoYa61CliLkS2l/+GpXtS9DkhA/\n" \
	"tJbWBy6+oPKTEbKr7PS//C/3KABGW40Qq2FwaBpar31qLl7v9McHIfaf8mQ/6qVU\n" \
	"3sfGPsAgyAnsMjhZzM3LKLcTeEL2gZiqTQSiDQcy3x1jElTVqIbsAvZ9ZOwwbM0U\n" \
	"xS9tbKmA+u98/Ql+huynDC+vXEuHzqOPv6D7+t8An4CuJBj9hf3edc4=\n"         \
	"-----END CERTIFICATE-----\n"

#endif
