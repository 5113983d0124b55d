package component

import (
	"context"
	"strconv"

	"github.com/a-h/templ"
)

func group(problem string) string { return and("zj-group", problem != "", "zj-group--error") }

func legend(heading bool) string {
	if heading {
		return "zj-legend-h1"
	}
	return "zj-label"
}

// nth gives the first input of a group the group's name as its id, which the error summary links to.
func nth(name string, i int) string {
	if i == 0 {
		return name
	}
	return name + "-" + strconv.Itoa(i+1)
}

// described ties hint and error to a control.
func described(id, hint, problem string) templ.Attributes {
	by := ""
	if hint != "" {
		by = id + "-h"
	}
	if problem != "" {
		if by != "" {
			by += " "
		}
		by += id + "-e"
	}
	a := templ.Attributes{}
	if by != "" {
		a["aria-describedby"] = by
	}
	if problem != "" {
		a["aria-invalid"] = "true"
	}
	return a
}

// explained is described for a fieldset, which may not be marked invalid itself.
func explained(id, hint, problem string) templ.Attributes {
	a := described(id, hint, problem)
	delete(a, "aria-invalid")
	return a
}

// plates cuts a sentence around the number plates in it: a province's character, a letter, five or six more.
func plates(text string) []piece {
	r := []rune(text)
	var list []piece
	plain := 0
	for i := range r {
		if r[i] < 0x4E00 || i < plain || i+1 >= len(r) || r[i+1] < 'A' || r[i+1] > 'Z' {
			continue
		}
		n := 2
		for i+n < len(r) && n < 8 && (r[i+n] >= 'A' && r[i+n] <= 'Z' || r[i+n] >= '0' && r[i+n] <= '9') {
			n++
		}
		if n < 7 {
			continue
		}
		if plain < i {
			list = append(list, piece{text: string(r[plain:i])})
		}
		list = append(list, piece{text: string(r[i : i+n]), hit: true})
		plain = i + n
	}
	if plain < len(r) {
		list = append(list, piece{text: string(r[plain:])})
	}
	return list
}

func limit(n int) templ.Attributes {
	if n <= 0 {
		return templ.Attributes{}
	}
	return templ.Attributes{"maxlength": strconv.Itoa(n)}
}

func autofill(token string) templ.Attributes {
	if token == "" {
		return templ.Attributes{}
	}
	return templ.Attributes{"autocomplete": token}
}

// keyboard says for each kind of input: type, inputmode, autocomplete.
func keyboard(k Kind) [3]string {
	return map[Kind][3]string{
		KindText:     {"text", "", ""},
		KindCode:     {"text", "", "off"},
		KindTel:      {"tel", "tel", "tel-national"},
		KindNumeric:  {"text", "numeric", "off"},
		KindMoney:    {"text", "decimal", "off"},
		KindID:       {"text", "text", "off"},
		KindName:     {"text", "", "name"},
		KindCard:     {"text", "numeric", "cc-number"},
		KindOTP:      {"text", "numeric", "one-time-code"},
		KindPassword: {"password", "", "current-password"},
		KindEmail:    {"email", "email", "email"},
	}[k]
}

func inputAttributes(p Input) templ.Attributes {
	k := keyboard(p.Kind)
	a := described(or(p.ID, p.Name), p.Hint, p.Error)
	a["type"] = or(k[0], "text")
	if k[1] != "" {
		a["inputmode"] = k[1]
	}
	if auto := or(p.Autocomplete, k[2]); auto != "" {
		a["autocomplete"] = auto
	}
	if p.Max > 0 {
		a["maxlength"] = strconv.Itoa(p.Max)
	}
	if p.Placeholder != "" {
		a["placeholder"] = p.Placeholder
	}
	if p.Kind == KindCode || p.Kind == KindID || p.Kind == KindCard || p.Kind == KindNumeric {
		a["spellcheck"] = "false"
		a["autocapitalize"] = "characters"
	}
	return a
}

func inputClass(p Input) string {
	name := "zj-input"
	switch p.Kind {
	case KindCode, KindID, KindCard, KindNumeric, KindOTP, KindTel:
		name += " zj-input--code"
	}
	return class(name, "zj-input--", p.Width)
}

type datePart struct{ id, name, label, value, max, auto string }

func dateParts(p DateInput) []datePart {
	y, m, d := DateNames(p.Name)
	list := []datePart{
		{p.Name, y, "date.year", p.Year, "4", "bday-year"},
		{m, m, "date.month", p.Month, "2", "bday-month"},
		{d, d, "date.day", p.Day, "2", "bday-day"},
	}
	if !p.Birthday {
		for i := range list {
			list[i].auto = "off"
		}
	}
	return list
}

func choiceType(multi bool) string {
	if multi {
		return "checkbox"
	}
	return "radio"
}

func choiceClass(p Choices) string {
	return and(and("zj-choice", p.Multi, "zj-choice--check"), p.Plain, "zj-choice--plain")
}

func consentText(ctx context.Context, p Consent) string {
	if p.Sensitive {
		return p.Text + word(ctx, "consent.sensitive")
	}
	return p.Text
}

func length(p OTP) int {
	if p.Length <= 0 {
		return 6
	}
	return p.Length
}

func sent(ctx context.Context, p OTP) string {
	if p.SentTo == "" {
		return ""
	}
	return word(ctx, "otp.sent", length(p), p.SentTo)
}
