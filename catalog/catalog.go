// Package catalog is the reference data that the house ships with: regions, sectors, the 27 groups and
// 101 kinds, service definitions, bundles, city packs and their bases, everyday words. It holds no code but the embed; each folder
// is read by the room whose word it is. docs/data.md lists every file with source, licence and date.
package catalog

import "embed"

// FS holds the folders regions, sectors, kinds, services, bundles, cities, bases, synonyms, words, whitepaper and nation, read-only.
// Paths begin with the folder: "regions/regions.csv".
//
//go:embed regions sectors kinds services bundles cities bases synonyms words whitepaper nation
var FS embed.FS
