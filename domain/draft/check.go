package draft

import (
	"slices"

	"zhijian/domain/service"
	"zhijian/domain/service/outline"
)

// Problem is one thing that stops a text from being published.
type Problem struct {
	Line int          // of the text, from 1; 0 for the text as a whole
	Path string       // "steps.progress.with"
	Say  service.Text // a plain sentence
}

// Findings are what is wrong with a text, and what could be better.
type Findings struct {
	Problems []Problem
	Checkup  outline.Checkup
}

// Ready reports whether the text can be submitted.
func (f Findings) Ready() bool {
	return len(f.Problems) == 0 && !slices.ContainsFunc(f.Checkup.Advice, func(a outline.Advice) bool { return a.Must })
}

// Check reads a draft's text as a reviewer does, on what its department stands on. The definition is nil when the text does not load.
func Check(one Draft, text string, g Ground) (*service.Definition, Findings) {
	var f Findings
	d, problems := service.Load(one.Service+".yaml", []byte(text))
	for _, p := range problems {
		f.Problems = append(f.Problems, Problem{p.Line, p.Path, service.Text{Zh: p.Zh, En: p.Say}})
	}
	if o, err := outline.Read([]byte(text)); err == nil {
		f.Checkup = o.Check()
	}
	if d == nil {
		return nil, f
	}
	f.Problems = append(f.Problems, bounds(one, d, g)...)
	return d, f
}

// bounds are what a department's own service may not do (security.md, definitions of others): ask or pay for an office that is not the
// department's, or take the place of another service.
func bounds(one Draft, d *service.Definition, g Ground) []Problem {
	var out []Problem
	say := func(path, zh, en string) { out = append(out, Problem{Path: path, Say: service.Text{Zh: zh, En: en}}) }
	if d.ID != one.Service {
		say("id", "id 要一直是 "+one.Service+"，它是这项服务的网址", "The id stays "+one.Service+": it is the service's address.")
	}
	var payees []string
	for _, word := range d.Offices {
		o, own := g.Offices[word]
		if s, is := g.Sheets[word]; is {
			for _, a := range d.Asks(word) {
				if path, text := s.problem(a); path != "" {
					out = append(out, Problem{Path: path, Say: text})
				}
			}
		}
		switch {
		case !own:
			say("office", "系统“"+word+"”不是本部门的，不能查询或办理", "The office "+word+" is not this department's.")
		case o.Payee != "":
			payees = append(payees, "office."+word+".payee")
		}
		for _, name := range d.Tells(word) {
			if _, fixed := o.Fixed[name]; fixed {
				say("with", "“"+name+"”由平台固定给系统“"+word+"”，不能另写", "What "+word+" is told as "+name+" is fixed by the platform.")
			}
		}
		if own && o.Site == "" && d.Leaves(word) {
			say("handoff", "系统“"+word+"”没有登记自己的网站", "The office "+word+" has no site of its own.")
		}
	}
	for _, p := range d.Payees() {
		if !slices.Contains(payees, p) {
			say("pay", "收款单位只能是本部门系统登记的那个，写 office.系统.payee", "The payee can only be the one registered for an office of the department: office.<word>.payee.")
		}
	}
	if !slices.ContainsFunc(g.Accounts, func(a Account) bool { return a.Alias == one.Account }) {
		say("account", "办这件事的公众号已经不是本部门的", "The account that answers for it is no longer the department's.")
	}
	return out
}
