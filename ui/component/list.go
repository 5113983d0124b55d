package component

import "github.com/a-h/templ"

// FieldGrid is the grid of groups on the home: at most 12 entries of at most 4 characters.
type FieldGrid struct{ Items []GridItem }

// GridItem is one entry of a FieldGrid.
type GridItem struct{ Icon, Text, Href string }

// List is a list of rows.
type List struct {
	Items []Item
	// Bare leaves out the card around it, inside a Rail or a Card.
	Bare bool
}

// Item is a row: the whole row is one link. A row without Href is not a link and may have a button in Side.
type Item struct {
	Title string
	Href  string
	// Hits are marked in the title.
	Hits []string
	// Above is a small line over the title, Lines are small lines under it.
	Above string
	Lines []string
	// Icon or Avatar stands at the left.
	Icon   string
	Avatar *Avatar
	// Tags stand under the lines, at most two.
	Tags []Tag
	// Side stands at the right: a Tag, a Badge, a Button (only in a row without Href).
	Side templ.Component
	// Verified is the legal name behind an account, shown with the check mark.
	Verified string
	// Unread makes the title bold and says 未读.
	Unread bool
	// NoArrow leaves out the arrow at the right; rows without Href or with Side have none.
	NoArrow bool
	// Value stands after the title in the same line: an amount. Beside does so in small type: "21 个市全部开通".
	Value  string
	Beside string
}

// TodoCard is 等您处理 on the home: at most 3 rows, by deadline. Without items it draws nothing.
type TodoCard struct{ Items []Todo }

// Todo is one thing that waits for the resident.
type Todo struct {
	Title string
	// Amount is written after the title; empty leaves it out.
	Amount string
	// Where is the first part of the small line, Due the deadline in a warm colour, Rest what follows it.
	Where string
	Due   string
	Rest  string
	// Verb is the button: 去处理.
	Verb string
	Href string
}

// Pager leads through a list by cursor.
type Pager struct {
	// Next and Prev are paths; empty leaves the link out. Without both it draws nothing.
	Next string
	Prev string
}
