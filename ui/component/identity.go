package component

// Logo is the fingertip: two arches and one cinnabar dot. Without the word it is named for screen readers.
type Logo struct {
	// Href makes it a link; empty makes it a picture.
	Href string
	// On is for dark brand blocks.
	On bool
	// Word writes 指尖 beside it.
	Word bool
	// Sub is a small text after the word, for consoles ("单位控制台").
	Sub string
}

// Ripple is the circles around one touch: decoration, one per screen, only in the places of components.md 1.2.
// The parts that need one draw it themselves.
type Ripple struct {
	// Dot draws the cinnabar dot and the inner circles (home header); without it only outer circles (done panel).
	Dot bool
}

// Icon is one line icon of the sprite (tools/assets/icons.txt lists the names). It never stands alone as a meaning.
type Icon struct {
	Name string
	// Size is "" (24 px), "m" (20 px) or "s" (the text's size).
	Size string
}

// Dot is an icon on a round celadon base.
type Dot struct {
	Icon string
	// Size is "", "s" or "l".
	Size string
}

// Avatar is one character on a calm solid: organisations as squircles, people round. Its owner's name stands beside it.
type Avatar struct {
	Char string
	// Tone is "" (brand), "b", "c", "d", "e" or "me".
	Tone string
	// Size is "", "s" or "l".
	Size string
	// Round is for people.
	Round bool
}

// Money is an amount. It is exact and has two decimals.
type Money struct {
	Fen int64
	// Big sets the currency sign smaller than the number, for totals.
	Big bool
}

// Plate is a number plate, for display only. EV is the green one of new energy cars.
type Plate struct {
	Text string
	EV   bool
}

// Tag is a fact in at most six characters: 在线办结. Not clickable; at most two in a row.
type Tag struct {
	Text string
	Tone Tone
}

// Badge is a count of unread things; over 99 it shows 99+, at 0 nothing. It reads "3 条未读".
type Badge struct{ N int }

// Mark is a text in which search hits are marked by weight and underline.
type Mark struct {
	Text string
	// Hits are the pieces to mark; those that the text does not hold are passed over.
	Hits []string
}

// Moment is a time for people with its exact form for machines.
type Moment struct {
	// Text is what is read, from ui/say.
	Text string
	// ISO is say.ISO of the same moment.
	ISO string
}
