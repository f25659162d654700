#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../../state/base/array.h"
#include "../../../state/base/digest.h"
#include "../../../state/base/ids.h"

/* FIPS 180-4 examples. */
static void
sha256_of_known_texts_is_known(void **state)
{
    static const char *const known[][2] = {
        { "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
        { "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
        { "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
    };
    char hex[SHA256_HEX_SIZE];

    (void)state;
    for (size_t i = 0; i < COUNT(known); i++) {
        sha256_hex(known[i][0], strlen(known[i][0]), hex);
        assert_string_equal(hex, known[i][1]);
    }
}

static void
sha256_in_pieces_is_the_same_and_starts_afresh(void **state)
{
    struct sha256_ctx hash;
    char whole[SHA256_HEX_SIZE], pieces[SHA256_HEX_SIZE];

    (void)state;
    sha256_hex("abc", 3, whole);
    sha256_init(&hash);
    for (int twice = 0; twice < 2; twice++) {
        sha256_update(&hash, 1, (const uint8_t *)"a");
        sha256_update(&hash, 2, (const uint8_t *)"bc");
        sha256_hex_end(&hash, pieces);
        assert_string_equal(pieces, whole);
    }
}

static void
hex_has_two_lower_case_digits_for_every_byte(void **state)
{
    char out[9];

    (void)state;
    hex_encode("\x00\x0f\xab\xff", 4, out);
    assert_string_equal(out, "000fabff");
    hex_encode("", 0, out);
    assert_string_equal(out, "");
}

/* RFC 4648, 10. */
static void
base64_goes_there_and_back(void **state)
{
    static const char *const pairs[][2] = {
        { "", "" },
        { "f", "Zg==" },
        { "fo", "Zm8=" },
        { "foo", "Zm9v" },
        { "foob", "Zm9vYg==" },
        { "fooba", "Zm9vYmE=" },
        { "foobar", "Zm9vYmFy" },
        { "\xff\xfe?", "//4/" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(pairs); i++) {
        size_t length = strlen(pairs[i][0]), decoded = 99, encoded;
        /* Exactly the promised room, so that ASan sees one byte too many. */
        char *text = malloc(BASE64_ENCODED_SIZE(length));
        unsigned char *back = malloc(BASE64_DECODED_SIZE(strlen(pairs[i][1])));

        encoded = base64_encode(pairs[i][0], length, text);
        assert_string_equal(text, pairs[i][1]);
        assert_int_equal(encoded, strlen(text));
        assert_true(base64_decode(text, encoded, back, &decoded));
        assert_int_equal(decoded, length);
        assert_memory_equal(back, pairs[i][0], length);
        free(text);
        free(back);
    }
}

static void
base64_of_any_length_goes_there_and_back(void **state)
{
    (void)state;
    for (size_t length = 0; length < 300; length++) {
        unsigned char *bytes = malloc(length + 1),
                      *back = malloc(BASE64_DECODED_SIZE(BASE64_ENCODED_SIZE(length) - 1));
        char *text = malloc(BASE64_ENCODED_SIZE(length));
        size_t decoded, encoded;

        random_bytes(bytes, length);
        encoded = base64_encode(bytes, length, text);
        assert_int_equal(encoded, BASE64_ENCODED_SIZE(length) - 1);
        assert_true(base64_decode(text, encoded, back, &decoded));
        assert_int_equal(decoded, length);
        assert_memory_equal(back, bytes, length);
        free(bytes);
        free(back);
        free(text);
    }
}

static void
what_is_not_base64_is_refused(void **state)
{
    static const char *const wrong[] = { "Z", "Zg", "Zg=", "Zg===", "Zm9v=", "=", "====", "Zm9*",
        "Zh==", "Zg==Zg==", "Zm-_", "Zm9\xc3\xa9" };

    (void)state;
    for (size_t i = 0; i < COUNT(wrong); i++) {
        unsigned char out[32];
        size_t decoded = 99;

        assert_false(base64_decode(wrong[i], strlen(wrong[i]), out, &decoded));
        assert_int_equal(decoded, 0);
    }
}

static void
base64_may_be_broken_into_lines(void **state)
{
    unsigned char out[16];
    size_t decoded;

    (void)state;
    assert_true(base64_decode("Zm9v\r\nYmFy\n", 11, out, &decoded));
    assert_int_equal(decoded, 6);
    assert_memory_equal(out, "foobar", 6);
}

static void
assert_uuid(const char *uuid)
{
    assert_int_equal(strlen(uuid), 36);
    for (int i = 0; i < 36; i++)
        if (i == 8 || i == 13 || i == 18 || i == 23)
            assert_int_equal(uuid[i], '-');
        else
            assert_non_null(strchr("0123456789abcdef", uuid[i]));
    assert_int_equal(uuid[14], '4');
    assert_non_null(strchr("89ab", uuid[19]));
}

static void
the_seeded_words_are_those_of_splitmix64(void **state)
{
    uint64_t seed = 1234567; /* its sequence is the published one: 6457827717110365317, ... */
    struct ids ids;
    char hex[33];

    (void)state;
    ids_open(&ids, &seed);
    ids_hex(&ids, hex, 32);
    assert_string_equal(hex, "599ed017fb08fc852c73f08458540fa5");
}

static void
the_same_seed_gives_the_same_ids_and_another_does_not(void **state)
{
    uint64_t one = 1, two = 2;
    struct ids first, again, other;
    char a[UUID_SIZE], b[UUID_SIZE], c[UUID_SIZE];

    (void)state;
    ids_open(&first, &one);
    ids_open(&again, &one);
    ids_open(&other, &two);
    for (int i = 0; i < 1000; i++) {
        ids_uuid(&first, a);
        ids_uuid(&again, b);
        ids_uuid(&other, c);
        assert_uuid(a);
        assert_string_equal(a, b);
        assert_string_not_equal(a, c);
    }
}

static void
seeded_ids_go_on_where_they_stopped(void **state)
{
    uint64_t seed = 7;
    struct ids before, after;
    char hex[40], expected[UUID_SIZE], got[UUID_SIZE];

    (void)state;
    ids_open(&before, &seed);
    ids_hex(&before, hex, 33);
    ids_open(&after, &seed);
    after.drawn = before.drawn;
    ids_uuid(&before, expected);
    ids_uuid(&after, got);
    assert_string_equal(got, expected);
}

static int
compare_uuids(const void *a, const void *b)
{
    return memcmp(a, b, UUID_SIZE);
}

static void
ten_thousand_uuids_are_all_different(void **state)
{
    static char uuids[10000][UUID_SIZE];
    uint64_t seed = 0;

    (void)state;
    for (int seeded = 0; seeded < 2; seeded++) {
        struct ids ids;

        ids_open(&ids, seeded ? &seed : NULL);
        for (int i = 0; i < 10000; i++) {
            ids_uuid(&ids, uuids[i]);
            assert_uuid(uuids[i]);
        }
        qsort(uuids, 10000, UUID_SIZE, compare_uuids);
        for (int i = 1; i < 10000; i++)
            assert_string_not_equal(uuids[i - 1], uuids[i]);
    }
}

static void
without_a_seed_every_run_differs(void **state)
{
    struct ids one, two;
    char a[33], b[33];

    (void)state;
    ids_open(&one, NULL);
    ids_open(&two, NULL);
    ids_hex(&one, a, 32);
    ids_hex(&two, b, 32);
    assert_string_not_equal(a, b);
}

static void
hex_ids_have_the_digits_asked_for(void **state)
{
    struct ids ids;

    (void)state;
    ids_open(&ids, NULL);
    for (size_t digits = 0; digits < 70; digits++) {
        char *hex = malloc(digits + 1);

        ids_hex(&ids, hex, digits);
        assert_int_equal(strlen(hex), digits);
        assert_int_equal(strspn(hex, "0123456789abcdef"), digits);
        free(hex);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_of_known_texts_is_known),
        cmocka_unit_test(sha256_in_pieces_is_the_same_and_starts_afresh),
        cmocka_unit_test(hex_has_two_lower_case_digits_for_every_byte),
        cmocka_unit_test(base64_goes_there_and_back),
        cmocka_unit_test(base64_of_any_length_goes_there_and_back),
        cmocka_unit_test(what_is_not_base64_is_refused),
        cmocka_unit_test(base64_may_be_broken_into_lines),
        cmocka_unit_test(the_seeded_words_are_those_of_splitmix64),
        cmocka_unit_test(the_same_seed_gives_the_same_ids_and_another_does_not),
        cmocka_unit_test(seeded_ids_go_on_where_they_stopped),
        cmocka_unit_test(ten_thousand_uuids_are_all_different),
        cmocka_unit_test(without_a_seed_every_run_differs),
        cmocka_unit_test(hex_ids_have_the_digits_asked_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
