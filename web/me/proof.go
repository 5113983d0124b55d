package me

import (
	"context"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"zhijian/domain/identity"
	"zhijian/door"
	"zhijian/ground/fault"
	"zhijian/ui/component"
	"zhijian/ui/layout"
)

// kind is one way to be proven.
type kind struct {
	path  string // under /me/proof
	level int    // that it reaches
	prove func(ctx context.Context, m *Me, r *door.Request) (string, identity.Resident, error)
	// inputs are the page's fields beside the consent.
	inputs func(m *Me, r *door.Request, wrong error) []component.Input
	first  string // name of the first input
}

// kinds are the proofs in the order in which one rests on the other.
func kinds() []kind {
	return []kind{
		{path: "name", level: 2, prove: proveName, inputs: nameInputs, first: "name"},
		{path: "card", level: 3, prove: proveCard, inputs: cardInputs, first: "card_number"},
		{path: "vehicle", level: 4, prove: proveVehicle, inputs: vehicleInputs, first: "plate"},
	}
}

// agreed is the value of a ticked consent.
const agreed = "yes"

// proofPage is one proof.
type proofPage struct {
	nav     component.Nav
	step    component.StepMarker
	errors  component.ErrorSummary
	form    component.Form
	title   string
	lead    string
	inputs  []component.Input
	use     component.Inset
	purpose string
	consent component.Checkbox
	help    component.Details
	bar     component.ActionBar
}

// proof leads to the first proof that is missing for a level, and on when none is.
func (m *Me) proof(w http.ResponseWriter, r *door.Request) error {
	level := wanted(r)
	for _, k := range kinds() {
		if r.Resident.Level < k.level && k.level <= level {
			return r.See(w, door.With("/me/proof/"+k.path+"?level="+strconv.Itoa(level), r.Next("")))
		}
	}
	return r.See(w, r.Next("/me"))
}

// wanted is the level asked for, from 2 to 4.
func wanted(r *door.Request) int {
	text := orElse(r.Value("level"), r.Query("level"))
	n, err := strconv.Atoi(text)
	if err != nil {
		n = min(r.Resident.Level+1, 4)
	}
	return min(max(n, 2), 4)
}

// askProof draws a proof; one that cannot come next leads to the one that does.
func (m *Me) askProof(k kind) door.Handler {
	return func(w http.ResponseWriter, r *door.Request) error {
		if r.Resident.Level != k.level-1 {
			return r.See(w, door.With("/me/proof?level="+strconv.Itoa(max(wanted(r), k.level)), r.Next("")))
		}
		p, content := m.proofOf(r, k, nil)
		return m.f.Render(w, r, http.StatusOK, p, content)
	}
}

// prove judges a proof. When it holds the session is replaced, and the next one that is missing follows.
func (m *Me) prove(k kind) door.Handler {
	return func(w http.ResponseWriter, r *door.Request) error {
		onward := door.With("/me/proof?level="+strconv.Itoa(max(wanted(r), k.level)), r.Next(""))
		token, _, err := k.prove(r.Context(), m, r)
		f := fault.Of(err)
		switch {
		case err == nil:
			if token != "" {
				r.SignIn(w, token)
			}
			return r.See(w, onward)
		case f == nil:
			return err
		case f.Kind == fault.KindDenied && (f.Code == "level.name" || f.Code == "level.card"):
			return r.See(w, onward)
		case f.Kind == fault.KindInvalid || f.Kind == fault.KindTooMany || f.Kind == fault.KindUnavailable || f.Kind == fault.KindConflict:
			p, content := m.proofOf(r, k, err)
			return m.f.Render(w, r, statusOf(f.Kind), p, content)
		}
		return err
	}
}

func (m *Me) proofOf(r *door.Request, k kind, wrong error) (p layout.Page, content templ.Component) {
	level := max(wanted(r), k.level)
	at := "me.proof." + k.path
	title := m.f.T(r, at+".title")
	p = m.f.Page(r, title)
	p.Plain, p.Failed = true, wrong != nil
	q := proofPage{
		nav: component.Nav{Title: m.f.T(r, "me.proof"), Back: orElse(m.f.Home(r), "/me")}, title: title, lead: m.f.T(r, at+".lead"),
		errors:  m.summary(r, wrong, k.first),
		form:    component.Form{Action: "/me/proof/" + k.path, Hidden: append(next(r), component.Hidden{Name: "level", Value: strconv.Itoa(level)})},
		inputs:  k.inputs(m, r, wrong),
		use:     component.Inset{Title: m.f.T(r, "me.proof.use")},
		purpose: m.f.T(r, at+".use"),
		consent: component.Checkbox{Name: "consent", Value: agreed, Text: m.f.T(r, at+".consent"), On: r.Value("consent") == agreed, Error: m.beside(r, wrong, "consent")},
		help:    component.Details{Summary: m.f.T(r, at+".help"), Text: m.f.T(r, at+".help.text")},
		bar:     component.ActionBar{Button: component.Button{Text: m.f.T(r, "me.proof.go"), Busy: m.f.T(r, "me.proof.going")}},
	}
	if level > 2 {
		q.step = component.StepMarker{At: k.level - 1, Of: level - 1, Name: m.f.T(r, at+".step")}
	}
	if k.level < level {
		q.bar.Button.Text = m.f.T(r, at+".next")
	}
	return p, proving(q)
}

func consented(r *door.Request) bool { return r.Value("consent") == agreed }

func proveName(ctx context.Context, m *Me, r *door.Request) (string, identity.Resident, error) {
	return m.c.Prover.ProveName(ctx, r.Actor, identity.NameProof{Name: r.Value("name"), CitizenNumber: r.Value("citizen_number"), Consent: consented(r)})
}

func proveCard(ctx context.Context, m *Me, r *door.Request) (string, identity.Resident, error) {
	return m.c.Prover.ProveCard(ctx, r.Actor, identity.CardProof{Number: r.Value("card_number"), Phone: r.Value("phone"), Consent: consented(r)})
}

func proveVehicle(ctx context.Context, m *Me, r *door.Request) (string, identity.Resident, error) {
	return m.c.Prover.ProveVehicle(ctx, r.Actor, identity.VehicleProof{Plate: r.Value("plate"), Consent: consented(r)})
}

func nameInputs(m *Me, r *door.Request, wrong error) []component.Input {
	return []component.Input{
		{Name: "name", Label: m.f.T(r, "me.name"), Hint: m.f.T(r, "me.name.hint"), Kind: component.KindName, Value: r.Value("name"), Error: m.beside(r, wrong, "name"), Max: 100},
		{Name: "citizen_number", Label: m.f.T(r, "me.citizen"), Hint: m.f.T(r, "me.citizen.hint"), Kind: component.KindID, Value: r.Value("citizen_number"), Error: m.beside(r, wrong, "citizen_number"), Max: 30},
	}
}

func cardInputs(m *Me, r *door.Request, wrong error) []component.Input {
	return []component.Input{
		{Name: "card_number", Label: m.f.T(r, "me.card"), Hint: m.f.T(r, "me.card.hint"), Kind: component.KindCard, Value: r.Value("card_number"), Error: m.beside(r, wrong, "card_number"), Max: 40},
		{Name: "phone", Label: m.f.T(r, "me.card.phone"), Hint: m.f.T(r, "me.card.phone.hint"), Kind: component.KindTel, Value: r.Value("phone"), Error: m.beside(r, wrong, "phone"), Max: 24},
	}
}

func vehicleInputs(m *Me, r *door.Request, wrong error) []component.Input {
	return []component.Input{
		{Name: "plate", Label: m.f.T(r, "me.plate"), Hint: m.f.T(r, "me.plate.hint"), Kind: component.KindCode, Width: "6", Value: r.Value("plate"), Error: m.beside(r, wrong, "plate"), Max: 20},
	}
}
