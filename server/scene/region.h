/* Regions of an image that are of interest, and how much of a box lies in them. */
#ifndef SERVER_SCENE_REGION_H
#define SERVER_SCENE_REGION_H

#include <stdbool.h>

#include <cjson/cJSON.h>

#include "face.h"

/* Whether every one of RegionsOfInterest says where it is: by a box or by a polygon. */
bool regions_are_places(const cJSON *regions);

/*
 * API Reference, RegionOfInterest: "Any object of interest that is more than half in a region is kept in the results".
 * Without regions all are.
 */
bool regions_have(const cJSON *regions, const struct box *);

#endif
