package draft

import (
	"context"
	"embed"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"zhijian/domain/service"
	"zhijian/domain/service/outline"
	"zhijian/ground/actor"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/uid"
)

//go:embed pattern
var patterns embed.FS

// Patterns lists what a service can begin as, the simplest first.
func Patterns() []string { return []string{"information", "application", "report", "query", "booking"} }

// asking are the patterns that need a system of the department.
var asking = []string{"query", "booking"}

// Asks reports whether a pattern needs a system of the department.
func Asks(pattern string) bool { return slices.Contains(asking, pattern) }

// Beginning is what a new service begins with: a pattern, or the text of a file.
type Beginning struct {
	Pattern string
	Name    service.Text
	Group   string
	Account string
	Word    string          // the last part of its address, small letters; empty for one that the house makes up
	Office  string          // word of the system that it asks; empty for the first of the department's
	Text    string          // a file that was exported before; then Name, Group and Word come from it
	Sheet   bool            // Office is a sheet of the department, and the service is written over its columns; Pattern is not asked
	Basis   []service.Basis // laws that govern it; with Sheet
	NoBasis bool            // none does
}

// Begin makes a draft. A text is kept to the byte, whatever is wrong with it, as long as it is YAML and its id is free and the department's
// own; fault.Conflict "draft.taken" when another service has the id.
func (d *Desk) Begin(ctx context.Context, a actor.Actor, b Beginning) (_ Draft, err error) {
	defer fault.Wrap(&err, "begin a draft by %s", a)
	department, err := writer(a)
	if err != nil {
		return Draft{}, err
	}
	g, err := d.c.Grounds.Ground(ctx, department)
	if err != nil {
		return Draft{}, err
	}
	if b.Account == "" && len(g.Accounts) == 1 {
		b.Account = g.Accounts[0].Alias
	}
	if !slices.ContainsFunc(g.Accounts, func(x Account) bool { return x.Alias == b.Account }) {
		return Draft{}, fault.Invalid("draft.account", "请选由哪个公众号来办").On("account")
	}
	id, text := "", b.Text
	switch {
	case text != "":
		id, err = imported(text)
	case b.Sheet:
		id, text, err = d.fromSheet(b, g)
	default:
		id, text, err = d.fromPattern(b, g)
	}
	if err != nil {
		return Draft{}, err
	}
	if d.c.Catalogue.Carries(id) {
		return Draft{}, Taken()
	}
	now := d.c.Clock.Now()
	one := Draft{
		ID: d.c.IDs.ID(), Service: id, Department: department, City: g.City, Account: b.Account, State: Writing, Text: text, Hands: []int64{a.ID},
		Acts: []Act{{At: now, What: "created", Who: a.ID}}, Created: now, Changed: now, Rev: 1,
	}
	return one, d.c.Store.Add(ctx, one, Created{one.meta(a), Subject{Service: id}})
}

// Taken says that another service has the id.
func Taken() *fault.Error {
	return fault.Conflict("draft.taken", "网址里的这个名字已经有服务在用，请换一个")
}

// idForm is what an own id looks like.
var idForm = regexp.MustCompile(`^` + service.OwnPrefix + `[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$`)

func imported(text string) (id string, err error) {
	o, err := outline.Read([]byte(text))
	if err != nil {
		return "", err
	}
	if id = o.Head().ID; !idForm.MatchString(id) {
		return "", fault.Invalid("draft.id", "请把文件里的 id 改成以 %s 开头，后面用小写字母、数字和短横线", service.OwnPrefix).On("text")
	}
	return id, nil
}

// called checks what a new service is called and gives its id.
func (d *Desk) called(b Beginning, first *fault.Error) (id string, err error) {
	var noName, noGroup, noWord *fault.Error
	if n := utf8.RuneCountInString(b.Name.Zh); n < 2 || n > 20 {
		noName = fault.Invalid("draft.name", "请给服务起个名字，2 到 20 个字").On("name")
	}
	if _, ok := d.c.Catalogue.Group(b.Group); !ok {
		noGroup = fault.Invalid("draft.group", "请选放在哪一类").On("group")
	}
	if id = service.OwnPrefix + b.Word; b.Word == "" {
		id = service.OwnPrefix + strings.ToLower(uid.No()[:8])
	}
	if !idForm.MatchString(id) {
		noWord = fault.Invalid("draft.word", "网址里的名字用小写字母、数字和短横线，例如 parking-pass").On("word")
	}
	return id, fault.Join(first, noName, noGroup, noWord)
}

// fromSheet writes the service over a sheet of the department, with its legal basis.
func (d *Desk) fromSheet(b Beginning, g Ground) (id, text string, err error) {
	var noBasis *fault.Error
	if len(b.Basis) == 0 && !b.NoBasis {
		noBasis = fault.Invalid("draft.basis", "请写办这件事的法律依据，或者勾选没有法律法规规定").On("basis")
	}
	if id, err = d.called(b, noBasis); err != nil {
		return "", "", err
	}
	s, ok := g.Sheets[b.Office]
	if !ok {
		return "", "", fault.Conflict("draft.nosheet", "这张表格还没有启用，请先启用")
	}
	if text, err = FromSheet(id, b.Name, b.Group, g.Sector, d.c.Clock.Now().AddDate(1, 0, 0).Format(time.DateOnly), s); err != nil {
		return "", "", err
	}
	o, err := outline.Read([]byte(text))
	if err != nil {
		return "", "", err
	}
	h := o.Head()
	h.Basis, h.NoBasis = b.Basis, b.NoBasis && len(b.Basis) == 0
	if err := o.SetHead(h); err != nil {
		return "", "", err
	}
	return id, string(o.Bytes()), nil
}

func (d *Desk) fromPattern(b Beginning, g Ground) (id, text string, err error) {
	var noPattern *fault.Error
	if !slices.Contains(Patterns(), b.Pattern) {
		noPattern = fault.Invalid("draft.pattern", "请选从哪一种开始").On("pattern")
	}
	if id, err = d.called(b, noPattern); err != nil {
		return "", "", err
	}
	src, err := patterns.ReadFile("pattern/" + b.Pattern + ".yaml")
	if err != nil {
		return "", "", err
	}
	word := "desk"
	if words := OfficeWords(g); slices.Contains(words, b.Office) {
		word = b.Office
	} else if len(words) > 0 {
		word = words[0]
	}
	text = strings.NewReplacer("office: desk\n", "office: "+word+"\n", "owner: desk\n", "owner: "+word+"\n").Replace(string(src))
	o, err := outline.Read([]byte(text))
	if err != nil {
		return "", "", err
	}
	if err := o.SetOrigin(outline.Origin{ID: id, Sector: g.Sector, Review: d.c.Clock.Now().AddDate(1, 0, 0).Format(time.DateOnly)}); err != nil {
		return "", "", err
	}
	h := o.Head()
	h.Name, h.Group = b.Name, b.Group
	if err := o.SetHead(h); err != nil {
		return "", "", err
	}
	return id, string(o.Bytes()), nil
}

// OfficeWords lists the words of a department's own systems.
func OfficeWords(g Ground) []string {
	var out []string
	for word := range g.Offices {
		out = append(out, word)
	}
	slices.Sort(out)
	return out
}

// Edit puts a text in place of the one that is being written: rev is the revision it was made from, and fault.Conflict "draft.moved" says
// that somebody was quicker. A text with problems is kept too. An approval is gone with it; the same text again changes nothing.
func (d *Desk) Edit(ctx context.Context, a actor.Actor, name string, rev int64, text string) (_ Draft, err error) {
	defer fault.Wrap(&err, "edit draft %s by %s", name, a)
	department, err := writer(a)
	if err != nil {
		return Draft{}, err
	}
	if _, err := outline.Read([]byte(text)); err != nil {
		return Draft{}, err
	}
	return d.change(ctx, a, department, name, rev, func(one *Draft) (event.Body, error) {
		if one.Text == text {
			return nil, nil
		}
		one.Text, one.State = text, Writing
		one.wrote(a.ID)
		return Written{one.meta(a), Subject{Service: one.Service}}, nil
	})
}

// FileName is what an exported file is called.
func FileName(one Draft, version int) string {
	if version == 0 {
		return one.Service + ".yaml"
	}
	return fmt.Sprintf("%s@%d.yaml", one.Service, version)
}
