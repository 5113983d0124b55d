package sheet

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"path"
	"strings"
	"time"

	"zhijian/ground/actor"
	"zhijian/ground/clock"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/tabular"
	"zhijian/ground/uid"
)

// Config is what the desk needs. Every field is required.
type Config struct {
	Store Store
	Rows  Rows
	Users Users
	Clock clock.Clock
	IDs   *uid.Maker
}

// Desk is the room's counter. It is safe for concurrent use.
type Desk struct{ c Config }

// New checks the configuration.
func New(c Config) (*Desk, error) {
	if c.Store == nil || c.Rows == nil || c.Users == nil || c.Clock == nil || c.IDs == nil {
		return nil, errors.New("sheet: Store, Rows, Users, Clock or IDs is missing")
	}
	return &Desk{c: c}, nil
}

// Open makes a sheet without rows. Staff open for their own department, the operator for any. fault.Invalid names the fields at fault.
func (d *Desk) Open(ctx context.Context, a actor.Actor, s Sheet) (_ Sheet, err error) {
	defer fault.Wrap(&err, "open sheet %q", s.Slug)
	if a.Kind == actor.Staff {
		s.Department = a.Department
	}
	if err := s.allowed(a); err != nil {
		return Sheet{}, err
	}
	if err := s.check(); err != nil {
		return Sheet{}, err
	}
	had, err := d.c.Store.Of(ctx, s.Department)
	if err != nil {
		return Sheet{}, err
	}
	if s.Department == 0 {
		return Sheet{}, fault.Invalid("sheet.department", "请选表格属于哪个部门").On("department")
	}
	if len(had) >= MostSheets {
		return Sheet{}, fault.Conflict("sheet.many", "一个部门最多 %d 个表格", MostSheets)
	}
	s = Sheet{ID: d.c.IDs.ID(), Slug: s.Slug, Name: s.Name, Department: s.Department, Created: d.c.Clock.Now(), Rev: 1}
	return s, d.c.Store.Add(ctx, s)
}

// Sheet finds one by its slug; fault.NotFound "sheet" when there is none, or none that the actor may see.
func (d *Desk) Sheet(ctx context.Context, a actor.Actor, slug string) (s Sheet, err error) {
	defer fault.Wrap(&err, "sheet %q", slug)
	if s, err = d.c.Store.Sheet(ctx, slug); err != nil {
		return Sheet{}, err
	}
	return s, s.allowed(a)
}

// List gives the sheets of the actor's department; the operator and the house see all.
func (d *Desk) List(ctx context.Context, a actor.Actor) (list []Sheet, err error) {
	defer fault.Wrap(&err, "list sheets")
	switch {
	case a.Kind == actor.Operator || a.Kind == actor.System:
		return d.c.Store.Of(ctx, 0)
	case a.Kind == actor.Staff && a.Department != 0:
		return d.c.Store.Of(ctx, a.Department)
	}
	return nil, fault.Denied("sheet.list", "只有部门工作人员能看表格")
}

// preview is how many rows are looked at to guess what columns hold.
const preview = 300

// Upload takes a file in as a new draft. Its columns are as in the generation that answers when the headings are the same, otherwise
// guessed. The draft before it, if any, is given up. fault.Invalid says what is wrong with the file.
func (d *Desk) Upload(ctx context.Context, a actor.Actor, slug, file string, body []byte) (s Sheet, err error) {
	defer fault.Wrap(&err, "upload to sheet %q", slug)
	if s, err = d.Sheet(ctx, a, slug); err != nil {
		return Sheet{}, err
	}
	shape, err := d.guess(s, file, body)
	if err != nil {
		return Sheet{}, err
	}
	sum := sha256.Sum256(body)
	source := d.c.IDs.ID()
	if err := d.c.Rows.KeepFile(ctx, source, body); err != nil {
		return s, err
	}
	s, err = d.c.Store.Change(ctx, slug, func(s *Sheet) ([]event.Body, error) {
		s.Last++
		s.put(Generation{Number: s.Last, State: Draft, File: shortName(file), Shape: shape, By: a.String(), At: d.c.Clock.Now(), Source: source})
		return []event.Body{Uploaded{s.meta(a), s.subject(s.Last), hex.EncodeToString(sum[:])}}, nil
	})
	if err != nil {
		return Sheet{}, errors.Join(err, d.c.Rows.Drop(ctx, source))
	}
	return d.tidy(ctx, s)
}

func (s Sheet) subject(number int) Subject { return Subject{s.Slug, s.Department, number} }

// shortName keeps a file's name fit for a page.
func shortName(file string) string {
	r := []rune(path.Base(strings.ReplaceAll(file, `\`, "/")))
	return string(r[max(0, len(r)-60):])
}

// Look says what is wrong with a file before anything is kept of it; nil when it can be uploaded.
func (d *Desk) Look(file string, body []byte) error {
	_, err := d.guess(Sheet{}, file, body)
	return err
}

func (d *Desk) guess(s Sheet, file string, body []byte) (shape tabular.Shape, err error) {
	r, err := tabular.Upload(file, body)
	if err != nil {
		return shape, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	rows, err := r.First(preview)
	if err != nil {
		return shape, err
	}
	if len(rows) == 0 {
		return shape, fault.Invalid("sheet.none", "标题下面没有内容，请检查文件").On("file")
	}
	g, live := s.Answering()
	if live && g.Shape.Fits(r.Header) {
		return g.Shape, nil
	}
	shape = tabular.Guess(r.Header, rows, d.c.Clock.Now())
	if live {
		shape = shape.Keep(g.Shape)
	}
	return shape, nil
}

// Sample gives the first rows of a draft as they stand in the file, at most n.
func (d *Desk) Sample(ctx context.Context, a actor.Actor, slug string, n int) (rows [][]string, err error) {
	defer fault.Wrap(&err, "sample of sheet %q", slug)
	s, err := d.Sheet(ctx, a, slug)
	if err != nil {
		return nil, err
	}
	_, r, err := d.draft(ctx, s, s.Last)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	return r.First(n)
}

// draft opens the file of a draft.
func (d *Desk) draft(ctx context.Context, s Sheet, number int) (Generation, *tabular.Reader, error) {
	g, ok := s.Generation(number)
	if !ok || g.State != Draft {
		return g, nil, errTaken()
	}
	body, err := d.c.Rows.File(ctx, g.Source)
	if fault.Is(err, fault.KindNotFound) { // taken by another clerk since the sheet was read
		return g, nil, errTaken()
	}
	if err != nil {
		return g, nil, err
	}
	r, err := tabular.Upload(g.File, body)
	return g, r, err
}

// tidy forgets what generations that are no longer needed hold.
func (d *Desk) tidy(ctx context.Context, s Sheet) (Sheet, error) {
	var gone []int64
	s, err := d.c.Store.Change(ctx, s.Slug, func(s *Sheet) ([]event.Body, error) {
		gone = s.drop()
		if len(gone) == 0 {
			return nil, nil
		}
		return []event.Body{}, nil
	})
	for _, number := range gone {
		err = errors.Join(err, d.c.Rows.Drop(ctx, number))
	}
	return s, err
}

// strayAge is how old what no sheet names must be before it is forgotten: an upload that goes on names its file within moments.
const strayAge = time.Hour

// Sweep forgets the files and rows that no sheet names: a process that was killed between keeping and naming them leaves some. It tells how
// many it found. Running it twice at once, or beside uploads, harms nothing.
func (d *Desk) Sweep(ctx context.Context) (found int, err error) {
	defer fault.Wrap(&err, "sweep what no sheet names")
	kept, err := d.c.Rows.Kept(ctx, uid.From(d.c.Clock.Now().Add(-strayAge)))
	if err != nil || len(kept) == 0 {
		return 0, err
	}
	sheets, err := d.c.Store.Of(ctx, 0)
	if err != nil {
		return 0, err
	}
	named := map[int64]bool{}
	for _, s := range sheets {
		for _, g := range s.Generations {
			named[g.Source], named[g.Table] = true, true
		}
	}
	for _, number := range kept {
		if named[number] {
			continue
		}
		if err := d.c.Rows.Drop(ctx, number); err != nil {
			return found, err
		}
		found++
	}
	return found, nil
}
