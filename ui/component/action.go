package component

// Button is a verb and its object. With Href it is a link that looks like a button, otherwise it submits its form.
type Button struct {
	Text string
	Href string
	// Tone is Plain (primary, one per page), Line, Soft, Quiet or Danger.
	Tone Tone
	Icon string
	// Small is 40 px high with a larger hit area, Block is full width, Wide at least 150 px, Grow fills its row.
	Small bool
	Block bool
	Wide  bool
	Grow  bool
	// Name and Value go out with the form.
	Name  string
	Value string
	// Busy is the text while the form is on its way; empty is "正在提交…" for primary submit buttons.
	Busy string
	// Form is the id of the form when the button stands outside it; Action sends the form to another path.
	Form   string
	Action string
	// Disabled is to be avoided; say why above the button.
	Disabled bool
	// Spoken is added for screen readers: what the button is about, when the text alone does not say.
	Spoken string
	// Download makes the link a download with this file name.
	Download string
}

// Buttons are buttons under each other.
type Buttons struct{ Items []Button }

// ButtonRow is buttons beside each other.
type ButtonRow struct{ Items []Button }

// Details is native details for "为什么要…". Use it with In. It never hides prices, deadlines or errors.
type Details struct {
	Summary string
	// Text is a plain body; a block adds to it.
	Text string
	Open bool
}

// PostButton is a form of one button, for acts outside the page's form (follow, favourite, sign out).
type PostButton struct {
	Action string
	Button Button
	Hidden []Hidden
}
