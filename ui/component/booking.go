package component

import "github.com/a-h/templ"

// Days is a strip of days to choose one from: links, each with its state in words.
type Days struct{ Items []Day }

// Day is one day of the strip.
type Day struct {
	Href string
	// Top is 今天 or the weekday, Number the day of the month, State the words under it: 余 14, 约满, 停约.
	Top, Number, State string
	// Full is a day without a free slot; On is the day shown.
	Full bool
	On   bool
}

// Slots are the times of one day as radios.
type Slots struct {
	Name   string
	Legend string
	Items  []Slot
	Error  string
	// First says that this is the first group of that name on the page, whose first input has Name as its id.
	First bool
}

// Slot is one time: "9:30–10:00", "余 3 个". A full one cannot be chosen.
type Slot struct {
	Value, Text, Note string
	On                bool
	Full              bool
}

// SlotCard is a counter, doctor or room with its slots; use it with In.
type SlotCard struct {
	Char  string
	Title string
	Sub   string
	Note  string
	// Side stands at the right: a Money.
	Side templ.Component
}
