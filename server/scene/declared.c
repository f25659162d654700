#include "declared.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../state/base/arn.h"
#include "../../state/base/array.h"
#include "../../state/base/digest.h"
#include "../../state/base/memory.h"
#include "../../state/resource/known_image.h"
#include "../../state/resource/person.h"
#include "../call/near.h"
#include "../image/looks.h"
#include "../json/json.h"
#include "../json/tree.h"
#include "../model/model.h"
#include "../model/validate.h"
#include "face.h"
#include "taxonomy.h"

#define GLOB_MAX 2048
#define NAME_MAX_BYTES 1024
#define ITEMS_MAX 10000
#define ID_DIGITS 8 /* of a celebrity, as public answers have them */

/* Forgives what doubles do to sums such as 0.7 + 0.3. */
#define NEARLY 1e-6

bool
declared_refuse(struct declared_fault *fault, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(fault->message, sizeof fault->message, format, args);
    va_end(args);
    return false;
}

/* ---- images ------------------------------------------------------------- */

static bool
read_digest(cJSON *item, struct declared_fault *fault)
{
    if (strlen(item->valuestring) != SHA256_HEX_SIZE - 1 ||
        strspn(item->valuestring, "0123456789abcdefABCDEF") != SHA256_HEX_SIZE - 1)
        return declared_refuse(fault,
            "'sha256' must be the 64 hexadecimal digits of the image's SHA-256");
    for (char *digit = item->valuestring; *digit != '\0'; digit++)
        *digit = (char)tolower((unsigned char)*digit);
    return true;
}

static bool
read_name(const char *s3, struct declared_fault *fault)
{
    return (strncmp(s3, "s3://", 5) != 0 && strpbrk(s3, "/*") != NULL && *s3 != '/' &&
               strlen(s3) <= GLOB_MAX) ||
           declared_refuse(fault,
               "'s3' must be bucket/key, or a glob of such names: images/birds/*.png");
}

static bool
look(const char *base64, uint64_t *looks, struct declared_fault *fault)
{
    size_t encoded = strlen(base64), length;
    unsigned char *bytes = memory_new(BASE64_DECODED_SIZE(encoded));
    enum looks_verdict verdict = base64_decode(base64, encoded, bytes, &length)
                                     ? image_looks(bytes, length, looks)
                                     : LOOKS_UNREADABLE;

    free(bytes);
    switch (verdict) {
    case LOOKS_FINE:
        return true;
    case LOOKS_FLAT:
        return declared_refuse(fault,
            "'like' is of one grey all over, as many images are: it would be "
            "taken for each of them");
    case LOOKS_TOO_LARGE:
        return declared_refuse(fault, "'like' has more than %d pixels", LOOKS_PIXELS_MAX);
    default:
        return declared_refuse(fault,
            "'like' must be base64 of a PNG or JPEG that can be decoded here: "
            "a whole one, and no JPEG of four colours");
    }
}

static bool
read_looks(cJSON *image, struct known_image *row, struct declared_fault *fault)
{
    cJSON *item = cJSON_GetObjectItemCaseSensitive(image, "looks");
    char digits[LOOKS_HEX_SIZE];
    uint64_t looks = 0;

    if (item == NULL) {
        if (!look(text_of(image, "like"), &looks, fault))
            return false;
        snprintf(digits, sizeof digits, "%016" PRIx64, looks);
        cJSON_DeleteItemFromObjectCaseSensitive(image, "like");
        item = cJSON_AddStringToObject(image, "looks", digits);
    }
    row->looks = item->valuestring;
    if (strlen(row->looks) != LOOKS_HEX_SIZE - 1 ||
        strspn(row->looks, "0123456789abcdef") != LOOKS_HEX_SIZE - 1)
        return declared_refuse(fault, "'looks' must be 16 hexadecimal digits, as they were listed");
    return true;
}

bool
declared_image(cJSON *image, struct known_image *row, struct declared_fault *fault)
{
    cJSON *digest = cJSON_GetObjectItemCaseSensitive(image, "sha256");

    row->sha256 = text_of(image, "sha256");
    row->s3 = text_of(image, "s3");
    if ((row->sha256 != NULL) + (row->s3 != NULL) + (text_of(image, "looks") != NULL) +
            (text_of(image, "like") != NULL) !=
        1)
        return declared_refuse(fault, "Give 'sha256', 's3' or 'like' of the 'image'");
    if (row->sha256 != NULL)
        return read_digest(digest, fault);
    return row->s3 != NULL ? read_name(row->s3, fault) : read_looks(image, row, fault);
}

/* ---- persons ------------------------------------------------------------ */

bool
declared_fits(const cJSON *item, const char *where, const struct shape *shape,
    struct declared_fault *fault)
{
    char *why = NULL;
    bool fits = item == NULL || output_fits(item, shape, &why);

    if (!fits)
        declared_refuse(fault, "%s does not fit the API's %s: %s", where, shape->name, why);
    free(why);
    return fits;
}

static bool
is_name(const char *name)
{
    return name != NULL && *name != '\0' && strlen(name) <= NAME_MAX_BYTES;
}

/* Faces reach beyond an image, but not our own boxes, which are to be as those of labels. */
static bool
check_box(const cJSON *item, struct declared_fault *fault)
{
    struct box box;

    if (item == NULL)
        return true;
    if (!box_read(item, &box) || box.left < 0 || box.top < 0 || box.width <= 0 || box.height <= 0 ||
        box.left + box.width > 1 + NEARLY || box.top + box.height > 1 + NEARLY)
        return declared_refuse(fault,
            "'box' must lie in the image and not be empty: its sides left, top, "
            "width and height are ratios of the image's");
    return true;
}

/* A box of the API must be whole, or the rest of the face could not be placed in it. */
static bool
check_detail(const cJSON *detail, struct declared_fault *fault)
{
    const cJSON *box = member_of(detail, "BoundingBox");

    return declared_fits(detail, "'detail'", &shape_FaceDetail, fault) &&
           (box == NULL || box_read(box, &(struct box){ 0 }) ||
               declared_refuse(fault,
                   "'BoundingBox' of 'detail' needs Left, Top, Width and Height"));
}

static bool
check_person(const cJSON *item, struct declared_fault *fault)
{
    static const char *const members[] = { "person", "box", "detail", "unusable" };
    const cJSON *child;
    size_t i;

    cJSON_ArrayForEach(child, item)
    {
        for (i = 0; i < COUNT(members) && strcmp(members[i], child->string) != 0;)
            i++;
        if (i == COUNT(members))
            return declared_refuse(fault,
                "A person has no member '%.64s'; there are: person, box, detail, unusable",
                child->string);
    }
    return (is_name(text_of(item, "person")) ||
               declared_refuse(fault, "Give the name of each 'person': 1 to %d bytes",
                   NAME_MAX_BYTES)) &&
           check_box(member_of(item, "box"), fault) &&
           check_detail(member_of(item, "detail"), fault) &&
           declared_fits(member_of(item, "unusable"), "'unusable'", &shape_Reasons, fault);
}

static bool
check_persons(const cJSON *list, struct declared_fault *fault)
{
    const cJSON *item;

    if (!cJSON_IsArray(list))
        return declared_refuse(fault, "'persons' must be a list");
    cJSON_ArrayForEach(item, list) if (!check_person(item, fault)) return false;
    return true;
}

/* ---- what is in the shapes of the API ----------------------------------- */

static bool
check_labels(const cJSON *list, struct declared_fault *fault)
{
    const cJSON *item;

    cJSON_ArrayForEach(item,
        list) if (!is_name(text_of(item, "Name"))) return declared_refuse(fault,
        "Give the Name of each of the 'labels'");
    return true;
}

static bool
has_line(const cJSON *list, const cJSON *id)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, list)
    {
        const char *type = text_of(item, "Type");
        const cJSON *own = member_of(item, "Id");

        if ((type == NULL || strcmp(type, "LINE") == 0) && own != NULL &&
            json_integer(own) == json_integer(id))
            return true;
    }
    return false;
}

/* A word is a part of a line that is declared, too; a line without words has its own made of it. */
static bool
check_text(const cJSON *list, struct declared_fault *fault)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, list)
    {
        const char *type = text_of(item, "Type");
        const cJSON *parent = member_of(item, "ParentId");

        if (!is_name(text_of(item, "DetectedText")))
            return declared_refuse(fault, "Give the DetectedText of each item of 'text'");
        if (type != NULL && strcmp(type, "WORD") == 0 &&
            (parent == NULL || !has_line(list, parent)))
            return declared_refuse(fault,
                "The word '%.64s' needs the Id of a line of 'text' as ParentId",
                text_of(item, "DetectedText"));
    }
    return true;
}

static bool
check_moderation(const cJSON *list, struct declared_fault *fault)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, list)
    {
        const char *name = text_of(item, "Name"), *meant;

        if (!is_name(name))
            return declared_refuse(fault, "Give the Name of each label of 'moderation'");
        if (taxonomy_parent(name) != NULL)
            continue;
        meant = near_name(name, taxonomy_name);
        return declared_refuse(fault, "There is no moderation label '%.64s'%s%s", name,
            meant == NULL ? "" : "; the nearest is ", meant == NULL ? "" : meant);
    }
    return true;
}

static bool
check_celebrities(const cJSON *list, struct declared_fault *fault)
{
    const cJSON *item;

    cJSON_ArrayForEach(item,
        list) if (!is_name(text_of(item, "Name"))) return declared_refuse(fault,
        "Give the Name of each of the 'celebrities'");
    return true;
}

/* Eight letters and digits of the name's digest: as alike ids of the service look. */
static void
make_id(const char *name, char id[ID_DIGITS + 1])
{
    static const char digits[] = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz";
    char hex[SHA256_HEX_SIZE];

    sha256_hex(name, strlen(name), hex);
    for (size_t i = 0; i < ID_DIGITS; i++) {
        char byte[3] = { hex[2 * i], hex[2 * i + 1], '\0' };

        id[i] = digits[strtoul(byte, NULL, 16) % (sizeof digits - 1)];
    }
    id[ID_DIGITS] = '\0';
}

/* Its name is that of the person, and its Id made of its name, where it has none. */
static void
complete_celebrity(cJSON *celebrity, const char *person)
{
    char id[ID_DIGITS + 1];

    if (text_of(celebrity, "Name") == NULL)
        cJSON_AddStringToObject(celebrity, "Name", person);
    if (text_of(celebrity, "Id") == NULL) {
        make_id(text_of(celebrity, "Name"), id);
        cJSON_AddStringToObject(celebrity, "Id", id);
    }
}

static const struct kind {
    const char *name;
    const struct shape *shape; /* NULL: ours */
    bool (*check)(const cJSON *, struct declared_fault *);
} kinds[] = {
    { "persons", NULL, check_persons },
    { "labels", &shape_Labels, check_labels },
    { "text", &shape_TextDetectionList, check_text },
    { "moderation", &shape_ModerationLabels, check_moderation },
    { "contentTypes", &shape_ContentTypes, check_labels },
    { "equipment", &shape_ProtectiveEquipmentPersons, NULL },
    { "celebrities", &shape_CelebrityList, check_celebrities },
    { "properties", &shape_DetectLabelsImageProperties, NULL },
};

static bool
check_kind(const cJSON *item, struct declared_fault *fault)
{
    char where[80];
    size_t i = 0;

    while (i < COUNT(kinds) && strcmp(kinds[i].name, item->string) != 0)
        i++;
    if (i == COUNT(kinds))
        return declared_refuse(fault,
            "An image shows no '%.64s'; it may show: persons, labels, text, moderation, "
            "contentTypes, equipment, celebrities, properties",
            item->string);
    if (cJSON_GetArraySize(item) > ITEMS_MAX)
        return declared_refuse(fault, "'%s' must be at most %d", kinds[i].name, ITEMS_MAX);
    snprintf(where, sizeof where, "'%s'", kinds[i].name);
    return (kinds[i].shape == NULL || declared_fits(item, where, kinds[i].shape, fault)) &&
           (kinds[i].check == NULL || kinds[i].check(item, fault));
}

bool
declared_shows(cJSON *shows, struct declared_fault *fault)
{
    const cJSON *item;
    cJSON *celebrity;

    if (!cJSON_IsObject(shows))
        return declared_refuse(fault, "'shows' must be an object; {} is an image of nothing");
    cJSON_ArrayForEach(item, shows) if (!check_kind(item, fault)) return false;
    cJSON_ArrayForEach(celebrity, cJSON_GetObjectItemCaseSensitive(shows, "celebrities"))
        complete_celebrity(celebrity, "");
    return true;
}

/* ---- people ------------------------------------------------------------- */

static bool
check_resembles(const cJSON *list, struct declared_fault *fault)
{
    const cJSON *item;
    double value;

    cJSON_ArrayForEach(item, list) if (!is_name(text_of(item, "person")) ||
                                       !json_number(member_of(item, "similarity"), &value) ||
                                       value < 0 || value >= 100) return declared_refuse(fault,
        "Each of 'resembles' is a 'person' and a 'similarity' from 0 on, below 100");
    return true;
}

static bool
read_celebrity(cJSON *celebrity, struct person *person, struct declared_fault *fault)
{
    if (celebrity == NULL)
        return true;
    if (!declared_fits(celebrity, "'celebrity'", &shape_Celebrity, fault))
        return false;
    if (member_of(celebrity, "Face") != NULL)
        return declared_refuse(fault, "A 'celebrity' has no Face of its own: images have");
    complete_celebrity(celebrity, person->name);
    person->celebrity_id = text_of(celebrity, "Id");
    return true;
}

static char *
printed(const cJSON *item, const char *otherwise)
{
    return item == NULL ? (otherwise == NULL ? NULL : memory_text(otherwise))
                        : memory_made(cJSON_PrintUnformatted(item));
}

bool
declared_person(cJSON *json, struct person *person, struct declared_fault *fault)
{
    cJSON *celebrity = cJSON_GetObjectItemCaseSensitive(json, "celebrity");
    const cJSON *resembles = member_of(json, "resembles");

    *person = (struct person){ .name = text_of(json, "name") };
    if (!is_name(person->name))
        return declared_refuse(fault, "Give the 'name' of the person: 1 to %d bytes",
            NAME_MAX_BYTES);
    if (!read_celebrity(celebrity, person, fault) || !check_resembles(resembles, fault))
        return false;
    person->celebrity = printed(celebrity, NULL);
    person->resembles = printed(resembles, "[]");
    return true;
}
