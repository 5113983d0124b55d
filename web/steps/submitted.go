package steps

import (
	"maps"
	"net/http"
	"strings"
	"time"

	"zhijian/domain/cases"
	"zhijian/domain/service"
	"zhijian/door"
	"zhijian/ground/format"
	"zhijian/ui/component"
	"zhijian/ui/say"
	"zhijian/web/frame"
)

// submittedPage is what a resident answered.
type submittedPage struct {
	nav   component.Nav
	title string
	rows  component.SummaryList
	empty string
}

// submitted lists the answers of all pages behind, masked as the resident's own.
func (s *Steps) submitted(w http.ResponseWriter, r *door.Request) error {
	shown, err := s.c.Cases.Show(r.Context(), frame.Who(r), r.PathValue("no"), "")
	if err != nil {
		return err
	}
	title := s.f.T(r, "steps.submitted")
	p := s.f.Page(r, title)
	p.City, p.Plain = shown.Offer.Definition.Name.In(r.Lang), true
	q := submittedPage{
		nav:   s.forWhom(r, shown, component.Nav{Title: shown.Offer.Definition.Name.In(r.Lang), Back: casePath(shown.Case.No)}),
		title: title, rows: component.SummaryList{Rows: s.answers(r, shown)}, empty: s.f.T(r, "steps.submitted.none"),
	}
	return s.f.Render(w, r, http.StatusOK, p, submittedView(q))
}

// answers reads the pages behind as they were answered. The engine shows no page behind a payment or an end, because it
// can no longer be changed; to be read it is shown from a copy that has neither.
func (s *Steps) answers(r *door.Request, shown cases.Shown) []component.Row {
	past := shown.Case.Data
	past.End, past.Phase, past.Waiting, past.Down, past.Stuck = "", "", false, false, false
	past.Facts = maps.Clone(past.Facts)
	for id, f := range past.Facts {
		if m, ok := f.(map[string]any); ok && (m["paid"] == true || m["refunded"] == true) {
			delete(past.Facts, id)
		}
	}
	me := service.Me{Level: r.Resident.Level, Name: r.Resident.Name.Reveal(), CitizenNumber: r.Resident.CitizenNumber.Reveal(), Phone: r.Resident.Phone.Reveal()}
	for _, v := range r.Resident.Garage() {
		if v.Proven {
			me.Plates = append(me.Plates, v.Plate.Reveal())
		} else {
			me.Saved = append(me.Saved, v.Plate.Reveal())
		}
	}
	env := service.Env{Now: s.f.Clock().Now(), Lang: r.Lang, Me: me, Offer: shown.Offer, CaseNo: shown.Case.No, Files: shown.Offer.Definition.Files(past)}
	var list []component.Row
	for _, step := range past.Trail {
		v, ok := shown.Offer.Definition.ViewAt(past, step, env)
		if !ok {
			continue
		}
		switch v.Kind {
		case service.ViewForm:
			for _, f := range v.Fields {
				if len(f.Files) > 0 {
					list = append(list, component.Row{Key: f.Label, Body: fileLines(filesOf(shown.Case.No, f.Files))})
				} else if value := answered(f, env.Now); value != "" {
					list = append(list, component.Row{Key: f.Label, Value: value})
				}
			}
		case service.ViewChoose:
			var titles []string
			for _, it := range v.Items {
				if it.Selected {
					titles = append(titles, it.Title)
				}
			}
			if len(titles) > 0 {
				list = append(list, component.Row{Key: orElse(v.StepName, v.Title), Value: strings.Join(titles, "、")})
			}
		case service.ViewBook:
			if b := shown.Reservation; b != nil {
				list = append(list, component.Row{Key: s.f.T(r, "steps.time"), Value: say.Date(r.Lang, b.Start, env.Now) + " " + say.Hours(r.Lang, b.Start, b.End)})
			}
		}
	}
	return list
}

// answered is an answer as its own resident may see it in a list.
func answered(f service.Field, now time.Time) string {
	for _, o := range f.Options {
		if o.Value == f.Value && o.Selected {
			return o.Label
		}
	}
	for _, k := range []struct {
		kind  string
		field format.Field
		read  func(string) (string, error)
	}{
		{"plate", format.FieldPlate, format.Plate},
		{"phone", format.FieldPhone, format.Phone},
		{"bank_card", format.FieldBankCard, format.BankCard},
		{"person_name", format.FieldName, format.PersonName},
		{"citizen_number", format.FieldCitizenNumber, func(s string) (string, error) { return format.CitizenNumber(s, now) }},
	} {
		if k.kind != f.Type {
			continue
		}
		value, err := k.read(f.Value)
		if err != nil {
			return "" // was never accepted
		}
		return format.Mask(k.field, format.Own, value)
	}
	return f.Value
}

// escaped is a text in a calendar file.
func escaped(text string) string {
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`).Replace(text)
}

// hour is a duration of whole hours in ISO 8601.
func hour(d time.Duration) string { return "PT" + digit(int(d/time.Hour)) + "H" }
