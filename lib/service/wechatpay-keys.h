/* wechatpay-keys.h: what stands behind a name that WeChat signs with; for the
 * files of wechatpay-crypto.h. */
#ifndef SERVICE_WECHATPAY_KEYS_H
#define SERVICE_WECHATPAY_KEYS_H

#include "service/wechatpay-crypto.h"

#define WECHATPAY_MODULUS_MAX 512 /* bytes: RSA 4096 */
#define WECHATPAY_MODULUS_MIN 256
#define WECHATPAY_EXPONENT_MAX 4

/* Numbers big-endian, without leading zeros. */
struct wechatpay_key {
	char serial[WECHATPAY_SERIAL_MAX + 1];
	uint8_t modulus[WECHATPAY_MODULUS_MAX], exponent[WECHATPAY_EXPONENT_MAX];
	size_t modulus_size, exponent_size;
	int64_t not_before, not_after; /* Unix seconds; not_after 0: always */
};

/* NULL if there is none. */
const struct wechatpay_key *wechatpay_keys_find(const struct wechatpay_keys *, const char *serial);

#endif
