package console

import "zhijian/ui/component"

// stuckPage is what the list of stuck things shows.
type stuckPage struct {
	Cases    component.Table
	Note     string
	Operator bool
	Parked   component.Table
	Next     string
}

// purposePage asks why somebody wants to look at a case.
type purposePage struct {
	Action string
	Note   string
	Why    component.DeskChoices
	Button component.DeskButton
}

// casePage is what the page of one case shows; Action is empty when there is nothing to decide.
type casePage struct {
	Facts    component.KeyValues
	History  component.KeyValues
	Masked   string
	Timeline string
	Action   string
	Note     string
	What     component.DeskChoices
	Reason   component.DeskInput
	Button   component.DeskButton
	Review   *reviewForm // nil when no decision is waited for
}

// reviewForm is what staff decide on and fill in.
type reviewForm struct {
	Form component.Form
	Note string
	Rows component.KeyValues
	// Corrected is what the resident put right, old and new; empty for nothing.
	Corrected component.KeyValues
	Files     string // that each file opened is recorded; empty when there are none
	Verdict   component.DeskChoices
	Fields    []component.DeskInput
	Reason    component.DeskInput
	Button    component.DeskButton
}
