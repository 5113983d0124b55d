package service

import (
	"slices"
	"strings"
	"time"
)

// Definition is one version of a service. The exported fields are what lists and the start
// page show; steps and expressions are compiled and private to the engine.
type Definition struct {
	ID        string // kind id of catalog/kinds: "traffic-fine-payment"
	Version   int
	Name      Text
	About     Text // one sentence: what it does for you
	Sector    string
	Group     string // one of the 27 group ids
	Type      string // query, payment, booking, application …
	Owner     string // office word of the department that answers for it
	Keywords  []string
	Level     int      // highest level any step needs, 0 to 4
	Who       Text     // who can have it done
	For       []string // for whom one can have it done: ForSelf, ForChild, ForMandate
	Fee       Text     // what it costs, in words
	Promise   Promise  // how long it takes
	Basis     []Basis  // legal basis
	NoBasis   bool     // the definition says that no law of its own governs the service
	Needs     []Need   // what to have ready
	How       string   // "online", "window" (book, then go there), "query"
	Rate      bool     // residents rate it at the end
	Receipt   bool     // some result issues a receipt
	Skip      bool     // the start page is skipped: nothing to prepare (ux-rules R2.1)
	ReviewBy  time.Time
	Prechecks bool     // one can find out beforehand whether one may have it: Precheck
	Offices   []string // office words the steps use

	wants wants
	*body
}

// wants is what a definition needs of the pack of a city.
type wants struct {
	Payees []string `json:"payees,omitempty"` // offices whose payee gets money
	Sites  []string `json:"sites,omitempty"`  // offices to whose own site residents are sent
	Place  bool     `json:"place,omitempty"`  // some answer is a location, or chosen among places: the districts
	Files  bool     `json:"files,omitempty"`  // some answer is a file
	People bool     `json:"people,omitempty"` // some answer is one of the people whom the resident saved
}

// Promise is the promised and the legal time.
type Promise struct {
	Done  time.Duration // promised; 0 for at once
	Text  Text          // "30 秒内"
	Legal Text          // "15 日内", empty when the law sets none
}

// Basis is one article a service rests on.
type Basis struct{ Law, Article string }

// wanted looks through the steps for what a pack must bind.
func (d *Definition) wanted() wants {
	w := wants{
		Place:  slices.ContainsFunc(d.answers, func(a *answer) bool { return a.shape.located() }),
		Files:  slices.ContainsFunc(d.answers, func(a *answer) bool { return a.name == typeFile }),
		People: slices.ContainsFunc(d.answers, func(a *answer) bool { return a.ofPerson() }),
	}
	for _, word := range d.Offices {
		if slices.ContainsFunc(d.steps, func(st *step) bool {
			return st.payee != nil && strings.Contains(st.payee.src, "office."+word+".payee")
		}) {
			w.Payees = append(w.Payees, word)
		}
		if slices.ContainsFunc(d.steps, func(st *step) bool { return st.kind == kindHandoff && st.call.office == word }) {
			w.Sites = append(w.Sites, word)
		}
	}
	return w
}
