#include "region.h"

#include <math.h>

#include "../json/json.h"
#include "../json/tree.h"

/* A polygon that was cut by a box: each of four cuts adds at most one corner for each that there was. */
#define CORNERS_MAX 256

/* Half is not more than half, whatever doubles make of it. */
#define NEARLY 1e-6

struct corner {
    double x, y;
};

struct polygon {
    struct corner corners[CORNERS_MAX];
    int count;
};

static void
add(struct polygon *polygon, double x, double y)
{
    if (polygon->count < CORNERS_MAX)
        polygon->corners[polygon->count++] = (struct corner){ x, y };
}

static void
read_polygon(const cJSON *points, struct polygon *polygon)
{
    const cJSON *point;

    polygon->count = 0;
    cJSON_ArrayForEach(point, points)
    {
        double x = 0, y = 0;

        json_number(member_of(point, "X"), &x);
        json_number(member_of(point, "Y"), &y);
        add(polygon, x, y);
    }
}

/* Positive on the side of the line that is kept: `way` times a coordinate is more than `way` times the limit. */
static double
inside(struct corner corner, bool across, double way, double limit)
{
    return way * ((across ? corner.x : corner.y) - limit);
}

/* Sutherland and Hodgman: "Reentrant polygon clipping", 1974. */
static void
cut(struct polygon *polygon, bool across, double way, double limit)
{
    struct polygon kept = { .count = 0 };

    for (int i = 0; i < polygon->count; i++) {
        struct corner from = polygon->corners[i];
        struct corner to = polygon->corners[(i + 1) % polygon->count];
        double a = inside(from, across, way, limit), b = inside(to, across, way, limit);

        if (a >= 0)
            add(&kept, from.x, from.y);
        if ((a > 0 && b < 0) || (a < 0 && b > 0))
            add(&kept, from.x + (to.x - from.x) * a / (a - b),
                from.y + (to.y - from.y) * a / (a - b));
    }
    *polygon = kept;
}

static double
area(const struct polygon *polygon)
{
    double sum = 0;

    for (int i = 0; i < polygon->count; i++) {
        struct corner one = polygon->corners[i];
        struct corner next = polygon->corners[(i + 1) % polygon->count];

        sum += one.x * next.y - next.x * one.y;
    }
    return fabs(sum) / 2;
}

static bool
read_region(const cJSON *region, struct polygon *polygon)
{
    const cJSON *points = member_of(region, "Polygon");
    struct box box;

    polygon->count = 0;
    if (box_read(member_of(region, "BoundingBox"), &box)) {
        add(polygon, box.left, box.top);
        add(polygon, box.left + box.width, box.top);
        add(polygon, box.left + box.width, box.top + box.height);
        add(polygon, box.left, box.top + box.height);
    } else {
        read_polygon(points, polygon);
    }
    return polygon->count >= 3;
}

bool
regions_are_places(const cJSON *regions)
{
    struct polygon polygon;
    const cJSON *region;

    cJSON_ArrayForEach(region, regions) if (!read_region(region, &polygon)) return false;
    return true;
}

static bool
has(const cJSON *region, const struct box *box)
{
    struct polygon polygon;

    read_region(region, &polygon);
    cut(&polygon, true, 1, box->left);
    cut(&polygon, true, -1, box->left + box->width);
    cut(&polygon, false, 1, box->top);
    cut(&polygon, false, -1, box->top + box->height);
    return area(&polygon) > box->width * box->height * (0.5 + NEARLY);
}

bool
regions_have(const cJSON *regions, const struct box *box)
{
    const cJSON *region;

    if (cJSON_GetArraySize(regions) == 0)
        return true;
    cJSON_ArrayForEach(region, regions) if (has(region, box)) return true;
    return false;
}
