/*
 * In place of p11-kit, which Debian has no archive of, for the program that is linked statically: GnuTLS asks
 * it for keys on smart cards (PKCS #11), and a test server has none. There are no modules, and no URI of a key
 * can be made; so nothing that needs one of them is ever called.
 */
#include <stdlib.h>

#include <p11-kit/p11-kit.h>
#include <p11-kit/pin.h>
#include <p11-kit/uri.h>

#pragma GCC diagnostic ignored "-Wattribute-alias"

CK_FUNCTION_LIST **
p11_kit_modules_load(const char *reserved, int flags)
{
    static CK_FUNCTION_LIST *none[1];

    (void)reserved, (void)flags;
    return none;
}

CK_FUNCTION_LIST *
p11_kit_module_load(const char *path, int flags)
{
    (void)path, (void)flags;
    return NULL;
}

P11KitUri *
p11_kit_uri_new(void)
{
    return NULL;
}

void
p11_kit_uri_free(P11KitUri *uri)
{
    (void)uri;
}

const char *
p11_kit_strerror(CK_RV status)
{
    (void)status;
    return "this program was built without PKCS #11";
}

const char *
p11_kit_message(void)
{
    return p11_kit_strerror(0);
}

int
p11_kit_pin_register_callback(const char *source, p11_kit_pin_callback callback, void *context,
    p11_kit_pin_destroy_func destroy)
{
    (void)source, (void)callback, (void)context, (void)destroy;
    return 0;
}

void
p11_kit_pin_unregister_callback(const char *source, p11_kit_pin_callback callback, void *context)
{
    (void)source, (void)callback, (void)context;
}

void p11_kit_none(void);

void
p11_kit_none(void)
{
    abort();
}

#define NEVER(name) __typeof__(p11_kit_##name) p11_kit_##name __attribute__((alias("p11_kit_none")));
NEVER(config_option)
NEVER(module_finalize)
NEVER(module_get_flags)
NEVER(module_get_name)
NEVER(module_release)
NEVER(pin_file_callback)
NEVER(pin_get_length)
NEVER(pin_get_value)
NEVER(pin_new_for_string)
NEVER(pin_request)
NEVER(pin_unref)
NEVER(space_strdup)
NEVER(space_strlen)
NEVER(uri_format)
NEVER(uri_get_attribute)
NEVER(uri_get_attributes)
NEVER(uri_get_module_info)
NEVER(uri_get_pin_source)
NEVER(uri_get_pin_value)
NEVER(uri_get_token_info)
NEVER(uri_match_module_info)
NEVER(uri_match_token_info)
NEVER(uri_parse)
NEVER(uri_set_attribute)
