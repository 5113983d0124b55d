package service

import (
	"slices"
	"strings"

	"zhijian/ground/fault"
	"zhijian/ground/format"
)

// typePerson is the answer type of people whom the resident saved under /me, and of the resident.
const typePerson = "person"

// Person is somebody whom the resident saved for forms. Nobody checked more than the form of their number.
type Person struct {
	ID            string
	Name          string
	CitizenNumber string
	Relation      string // child, parent, spouse, other
}

func personShape(name string) *shape {
	return object(
		name, member{"id", scalar("text")}, member{"self", scalar("bool")}, member{"name", scalar("person_name")},
		member{"citizen_number", scalar("citizen_number")}, member{"relation", scalar("text")},
	)
}

func (p Person) value() map[string]any {
	return map[string]any{"id": p.ID, "self": p.ID == ForSelf, "name": p.Name, "citizen_number": p.CitizenNumber, "relation": p.Relation}
}

// AsksPeople reports whether a case of the definition needs to know whom the resident saved.
func (d *Definition) AsksPeople() bool { return d.wants.People }

// ofPerson reports an answer, or entries with a part, that is one of the resident's people.
func (a *answer) ofPerson() bool {
	return a.name == typePerson || slices.ContainsFunc(a.parts, func(p *answer) bool { return p.ofPerson() })
}

// known are the people one can be asked to pick from: oneself, once proven, and those saved.
func (r *run) known() []Person {
	var out []Person
	if me := r.env.Me; me.Level >= 2 {
		out = append(out, Person{ID: ForSelf, Name: me.Name, CitizenNumber: me.CitizenNumber, Relation: ForSelf})
	}
	return append(out, r.env.Me.People...)
}

// readPerson takes one of the resident's people by id; the id of anybody else's is as good as none.
func (r *run) readPerson(s string) (any, error) {
	list := r.known()
	i := slices.IndexFunc(list, func(p Person) bool { return p.ID == s })
	if i < 0 {
		return nil, fault.Invalid("answer.person", "请从列出的人里选一个，没有的话先添加")
	}
	return list[i].value(), nil
}

func (r *run) personOptions() []Option {
	var out []Option
	for _, p := range r.known() {
		out = append(out, Option{
			Value: p.ID, Label: format.Mask(format.FieldName, format.Staff, p.Name),
			Hint: phrased(r.env.Lang, "person."+p.Relation) + " " + format.Mask(format.FieldCitizenNumber, format.Own, p.CitizenNumber),
		})
	}
	return out
}

// showPerson names a person in a summary.
func showPerson(v any, lang string) string {
	name := format.Mask(format.FieldName, format.Staff, textOf(v, "name"))
	number := format.Mask(format.FieldCitizenNumber, format.Own, textOf(v, "citizen_number"))
	return strings.TrimSpace(name + " " + number)
}

// people gives those saved as expressions see them, in me.people.
func people(list []Person) []any {
	out := make([]any, len(list))
	for i, p := range list {
		out[i] = p.value()
	}
	return out
}

// lintPeople wants the resident proven before saved people are used: they are kept for who has a name.
func (l *loader) lintPeople(s *draftStep, level int) {
	for _, f := range s.fields {
		if f.answer != nil && f.answer.ofPerson() && level < 2 {
			l.say(s.m.node, s.m.path, "%q is one of the people a resident saved, which needs a name; put \"level: L2\" on this step or an earlier one.", f.answer.id)
		}
		if f.answer != nil && f.answer.ofPerson() && s.kind == kindReview {
			l.say(s.m.node, s.m.path, "%q is one of the people a resident saved; staff have none.", f.answer.id)
		}
	}
}
