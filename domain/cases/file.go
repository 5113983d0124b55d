package cases

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"path"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"zhijian/domain/service"
	"zhijian/ground/actor"
	"zhijian/ground/budget"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/scrub"
	"zhijian/ground/uid"
)

// File is a photo or document that a resident uploaded to a case: what is known of it, without its bytes. Whether it belongs to an
// answer is what the case's state says, so taking an answer changes the case alone.
type File struct {
	service.File
	Case    string // number of the case
	Step    string // page it was uploaded on
	Created time.Time
	Kept    time.Time // when the house looks next whether the file goes
	Gone    bool      // set by a rule: the row goes, and the bytes with it
}

// Files keeps what residents upload. It seals names and bytes.
type Files interface {
	// Add keeps a new file with its bytes. room gets the files that the case has, while no other can be added, and may refuse.
	Add(ctx context.Context, f File, body []byte, room func(had []File) error, events ...event.Body) error
	// Of lists the files of a case, oldest first.
	Of(ctx context.Context, no string) ([]File, error)
	// File finds one by its id; fault.NotFound "file" when absent.
	File(ctx context.Context, id string) (File, error)
	// Bytes gives what a file holds; fault.NotFound "file" when absent.
	Bytes(ctx context.Context, id string) ([]byte, error)
	// Change loads a file under lock, lets rule decide, and saves it or, when it is Gone, deletes it, together with the events. Nil events
	// change nothing. rule may run more than once.
	Change(ctx context.Context, id string, rule func(*File) ([]event.Body, error)) error
}

// How long files stay.
const (
	// answerable is how long a file that no answer names can be answered with.
	answerable = 24 * time.Hour
	// unnamed is when such a file goes. It is later than answerable, so that no answer is under way with it.
	unnamed = answerable + time.Hour
	// looked is how often the house looks at a file of a running case.
	looked = 30 * 24 * time.Hour
	// keepFiles is how long the files of a decided case stay unless Config says otherwise: the six months in which a decision can be
	// taken to court (行政诉讼法, article 46), and two weeks for the court's letter to come.
	keepFiles = 200 * 24 * time.Hour
)

// uploads is the budget of files that a resident may upload in a day.
func (d *Desk) uploads() budget.Budget {
	return budget.Budget{Name: "cases.files.day", Limit: d.c.FilesPerDay, Window: 24 * time.Hour}
}

// Upload keeps a file for an answer that a page of the case asks for: the present page or one behind it. name is what its owner calls it.
// What the file is, its content says (ground/scrub). fault.Conflict "service.step" when no such page can be answered now;
// fault.Invalid on the answer for a file that is not taken; fault.TooMany after Config.FilesPerDay a day and resident.
func (d *Desk) Upload(ctx context.Context, w Who, no, step, answer, name string, body []byte) (_ File, err error) {
	defer fault.Wrap(&err, "upload to step %s of case %s", step, no)
	c, err := d.own(ctx, w, no)
	if err != nil {
		return File{}, err
	}
	m, err := d.matter(ctx, c, w.Actor.Lang, w.Known)
	if err != nil {
		return File{}, err
	}
	field, err := d.fieldFor(ctx, c, m, step, answer)
	if err != nil {
		return File{}, err
	}
	kind, kept, err := scrub.Clean(body)
	if err == nil {
		err = service.Taken(field.Accept, field.MaxSize, kind, int64(len(kept)))
	}
	if err != nil {
		return File{}, on(err, answer)
	}
	if d.c.Room != nil {
		if err := d.c.Room(); err != nil {
			return File{}, err
		}
	}
	if d.c.FilesPerDay > 0 {
		if err := d.c.Purse.Spend(ctx, d.uploads(), owner(c)); err != nil {
			return File{}, err
		}
	}
	sum, now := sha256.Sum256(kept), d.c.Clock.Now()
	f := File{
		File: service.File{
			ID: uid.No(), Answer: answer, Name: cleanName(name, kind), Kind: kind, Size: int64(len(kept)), SHA256: hex.EncodeToString(sum[:]),
		},
		Case: no, Step: step, Created: now, Kept: now.Add(unnamed),
	}
	err = d.c.Files.Add(ctx, f, kept, func(had []File) error { return on(roomFor(had, f, field.Max), answer) },
		UploadedEvent{c.meta(w.Actor), c.subject(), f.ID, answer, string(kind), f.Size}, f.alarm(c))
	if err != nil && d.c.FilesPerDay > 0 {
		err = errors.Join(err, d.c.Purse.Return(ctx, d.uploads(), owner(c)))
	}
	return f, err
}

// alarm has the house look at a file when its time comes.
func (f File) alarm(c Case) event.Body {
	return event.Later{Body: FileDue{c.meta(actor.House), f.Case, f.ID, f.Kept.UnixMilli()}, At: f.Kept}
}

// roomFor says why a case with these files takes no further one; nil when it does.
func roomFor(had []File, f File, most int) error {
	here, size := 0, f.Size
	for _, x := range had {
		size += x.Size
		if x.Answer == f.Answer {
			here++
		}
	}
	switch {
	case here >= most:
		return fault.Invalid("file.many", "最多 %d 个文件，请去掉几个", most)
	case len(had) >= service.MaxFiles:
		return fault.Invalid("file.many", "最多 %d 个文件，请去掉几个", service.MaxFiles)
	case size > service.MaxFileBytes:
		return fault.Invalid("file.total", "所有文件加起来最多 %s，请去掉几个", service.Megabytes(service.MaxFileBytes))
	}
	return nil
}

// on puts a fault at an answer; another error stays as it is.
func on(err error, answer string) error {
	if f := fault.Of(err); f != nil {
		return f.On(answer)
	}
	return err
}

// fieldFor is what a file is uploaded for: a question of a page, or an appeal.
func (d *Desk) fieldFor(ctx context.Context, c Case, m matter, step, answer string) (service.Field, error) {
	if step == AppealPage && answer == AppealPage {
		return d.appealField(ctx, c, m)
	}
	return fileField(c, m, step, answer)
}

// fileField is the question that a file is uploaded for, on a page that can be answered now.
func fileField(c Case, m matter, step, answer string) (service.Field, error) {
	moved := fault.Conflict("service.step", "这一步已经过去了，请从现在这一步继续")
	if c.State.Ended() {
		return service.Field{}, ended()
	}
	v, ok := m.def.View(c.Data, m.env), true
	if v.Step != step {
		v, ok = m.def.ViewAt(c.Data, step, m.env)
	}
	i := slices.IndexFunc(v.Fields, func(f service.Field) bool { return f.Name == answer && len(f.Accept) > 0 })
	if !ok || i < 0 || v.Kind != service.ViewForm {
		return service.Field{}, moved
	}
	return v.Fields[i], nil
}

// maxName is how much of a file's name is kept, in characters.
const maxName = 60

// cleanName makes of what a browser or a program calls a file something that can be shown and kept: no folders, no invisible characters,
// the ending of what the file is.
func cleanName(name string, kind scrub.Kind) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, ""), `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || strings.ContainsRune(`<>:"/|?*`, r) {
			return -1
		}
		return r
	}, name)
	if stem := strings.TrimSuffix(name, path.Ext(name)); stem != "" {
		name = stem
	}
	name = strings.Trim(name, " .")
	for utf8.RuneCountInString(name) > maxName {
		_, n := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-n]
	}
	if name == "" {
		name = "file"
	}
	return name + kind.Extension()
}

// Download gives a file of a case to its owner. fault.NotFound "file" to anybody else, and for a file of another case.
func (d *Desk) Download(ctx context.Context, w Who, no, id string) (_ File, _ []byte, err error) {
	defer fault.Wrap(&err, "file %s of case %s", id, no)
	c, err := d.own(ctx, w, no)
	if err != nil {
		return File{}, nil, err
	}
	if err := d.mandated(ctx, w, c); err != nil {
		return File{}, nil, err
	}
	return d.fileOf(ctx, no, id)
}

// fileOf finds a file of a case with its bytes.
func (d *Desk) fileOf(ctx context.Context, no, id string) (File, []byte, error) {
	f, err := d.c.Files.File(ctx, id)
	if err != nil {
		return File{}, nil, err
	}
	if f.Case != no {
		return File{}, nil, noFile()
	}
	b, err := d.c.Files.Bytes(ctx, id)
	return f, b, err
}

func noFile() error { return fault.NotFound("file", "没有找到这个文件，可能已经删除") }

// Discard deletes a file that its owner uploaded, while the page that asks for it can be answered. When that page lies behind, the
// case goes back to it first, so that no answer names a file that is gone. A second time changes nothing.
func (d *Desk) Discard(ctx context.Context, w Who, no, id string) (err error) {
	defer fault.Wrap(&err, "discard file %s of case %s", id, no)
	c, err := d.own(ctx, w, no)
	if err != nil {
		return err
	}
	f, err := d.c.Files.File(ctx, id)
	if fault.Is(err, fault.KindNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if f.Case != no {
		return noFile()
	}
	m, err := d.matter(ctx, c, w.Actor.Lang, w.Known)
	if err != nil {
		return err
	}
	if _, err := d.fieldFor(ctx, c, m, f.Step, f.Answer); err != nil {
		return err
	}
	if f.Step != c.Data.Step && f.Step != AppealPage {
		if _, err := d.Change(ctx, w, no, f.Step); err != nil {
			return err
		}
	}
	return d.c.Files.Change(ctx, id, func(f *File) ([]event.Body, error) {
		f.Gone = true
		return []event.Body{DiscardedEvent{c.meta(w.Actor), c.subject(), id, discardedByOwner}}, nil
	})
}

// ReadFile gives staff a file that the review step shows them, and records the look, which the resident sees. Staff of the case's department
// and the operator may; fault.NotFound "file" for any other file, and when nothing is to be decided.
func (d *Desk) ReadFile(ctx context.Context, a actor.Actor, no, id string) (_ File, _ []byte, err error) {
	defer fault.Wrap(&err, "file %s of case %s by %s", id, no, a)
	c, err := d.forStaff(ctx, a, no)
	if err != nil {
		return File{}, nil, err
	}
	brief, err := d.brief(ctx, a, c)
	if err != nil {
		return File{}, nil, err
	}
	// A second person reads what was sent with the appeal that they decide.
	appealed := !c.decidedBy(a.String()) && slices.ContainsFunc(c.Remedies.Appeals, func(x Appeal) bool {
		return slices.ContainsFunc(x.Files, func(f service.File) bool { return f.ID == id })
	})
	if !appealed && (brief == nil || !slices.ContainsFunc(brief.Rows, func(r service.Row) bool {
		return slices.ContainsFunc(r.Files, func(f service.File) bool { return f.ID == id })
	})) {
		return File{}, nil, noFile()
	}
	f, b, err := d.fileOf(ctx, no, id)
	if err != nil {
		return File{}, nil, err
	}
	return f, b, d.looked(ctx, a, no, id)
}

// filesOf gives what the engine may know of a case's files: those that can be answered with.
func (d *Desk) filesOf(ctx context.Context, c Case, def *service.Definition) ([]service.File, error) {
	if !def.AsksFiles() {
		return nil, nil
	}
	list, err := d.c.Files.Of(ctx, c.No)
	if err != nil {
		return nil, err
	}
	var out []service.File
	for _, f := range list {
		if d.c.Clock.Now().Before(f.Created.Add(answerable)) || c.Data.Holds(f.ID) {
			out = append(out, f.File)
		}
	}
	return out, nil
}

// leaves says when a file goes, as things stand; zero while its case runs with it.
func (d *Desk) leaves(c Case, f File) time.Time {
	switch {
	case !c.holds(f.ID):
		return f.Created.Add(unnamed)
	case !c.State.Ended():
		return time.Time{}
	case c.State == Withdrawn || c.State == Expired:
		return c.Ended.Add(keep)
	}
	return c.Ended.Add(d.c.KeepFiles)
}

// onFileDue deletes a file whose time has come, and otherwise looks again later.
func (d *Desk) onFileDue(ctx context.Context, e event.Event) (err error) {
	var due FileDue
	if err := e.Decode(&due); err != nil {
		return err
	}
	defer fault.Wrap(&err, "file %s of case %s is due", due.File, due.No)
	c, err := d.c.Store.Case(ctx, due.No)
	if err != nil {
		return err
	}
	err = d.c.Files.Change(ctx, due.File, func(f *File) ([]event.Body, error) {
		now := d.c.Clock.Now()
		if f.Kept.UnixMilli() != due.At {
			return nil, nil // another alarm is set
		}
		switch at := d.leaves(c, *f); {
		case at.IsZero():
			f.Kept = now.Add(looked)
		case at.After(now):
			f.Kept = at
		default:
			f.Gone = true
			why := discardedOver
			if !c.holds(f.ID) {
				why = discardedUnused
			}
			return []event.Body{DiscardedEvent{c.meta(actor.House), c.subject(), f.ID, why}}, nil
		}
		return []event.Body{f.alarm(c)}, nil
	})
	if fault.Is(err, fault.KindNotFound) {
		return nil // discarded meanwhile
	}
	return err
}
