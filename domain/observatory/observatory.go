// Package observatory measures accounts, services and cities exactly, and lets anyone rebuild every number.
//
// Facts are what was counted: a registry of accounts, monthly counters and outside figures, read once and never changed. An
// Exhibit answers one question from facts: a pure function, the same bytes whatever the order of the rows, the time zone or the
// number of processors. Places are told apart by code, never by name. An Edition freezes facts, methods and results under a hash.
//
// Nothing here knows a person: facts carry counts about organisations. Nothing here blocks.
package observatory
