package service

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"zhijian/ground/fault"
	"zhijian/ground/scrub"
)

// Bounds of what one case may hold, whatever its definition says.
const (
	MaxFiles     = 9        // files
	MaxFileBytes = 20 << 20 // bytes of all of them
)

// defaultFile and largestFile bound one file: what it may weigh when the definition says nothing, and at most.
const defaultFile, largestFile = 5 << 20, 10 << 20

// typeFile is the answer type of photos and documents: its value is a list of files.
const typeFile = "file"

// File is one photo or document that a resident uploaded for an answer. The bytes are the house's; here is what is known of them.
type File struct {
	ID     string
	Answer string     // the answer it was uploaded for
	Name   string     // as its owner calls it, cleaned; may name a person
	Kind   scrub.Kind // by its content
	Size   int64      // bytes kept
	SHA256 string     // of the bytes kept, hexadecimal
}

// fileDef is what an answer of type file takes.
type fileDef struct {
	kinds []scrub.Kind
	max   int   // files
	size  int64 // bytes of one
}

// fileShape is a file as expressions see it. No step can have this name, so no office's answer is taken for one.
func fileShape() *shape {
	return object(
		"answers.file", member{"id", scalar("text")}, member{"name", scalar("text")}, member{"kind", scalar("text")}, member{"size", scalar("int")},
		member{"sha256", scalar("text")},
	)
}

// files reports a list of files.
func (s *shape) files() bool {
	return s != nil && s.kind == "list" && s.elem != nil && s.elem.name == fileShape().name
}

// value is the file as a State holds it.
func (f File) value() map[string]any {
	return map[string]any{"id": f.ID, "name": f.Name, "kind": string(f.Kind), "size": f.Size, "sha256": f.SHA256}
}

// filesIn reverses value for a list of them.
func filesIn(v any, answer string) []File {
	list, _ := v.([]any)
	out := make([]File, 0, len(list))
	for _, e := range list {
		out = append(out, File{
			ID: textOf(e, "id"), Answer: answer, Name: textOf(e, "name"), Kind: scrub.Kind(textOf(e, "kind")), Size: intOf(e, "size"), SHA256: textOf(e, "sha256"),
		})
	}
	return out
}

// AsksFiles reports whether the definition ever asks for a file.
func (d *Definition) AsksFiles() bool {
	return d.wants.Files
}

// Files lists the files that a state's answers name, in the order of the answers.
func (d *Definition) Files(s State) []File {
	d.whole()
	var out []File
	for _, a := range d.answers {
		if a.name == typeFile {
			out = append(out, filesIn(s.Answers[a.id], a.id)...)
		}
	}
	return out
}

// Holds reports whether an answer names the file with this id.
func (s State) Holds(id string) bool {
	for _, v := range s.Answers {
		list, _ := v.([]any)
		if slices.ContainsFunc(list, func(e any) bool { return textOf(e, "id") == id && textOf(e, "sha256") != "" }) {
			return true
		}
	}
	return false
}

// readFiles takes the ids of uploaded files. present is false for an optional answer without any.
func (r *run) readFiles(a *answer, ids []string) (v any, present bool, err error) {
	var chosen []any
	var seen []string
	for _, id := range ids {
		if id = strings.TrimSpace(id); id == "" || slices.Contains(seen, id) {
			continue
		}
		seen = append(seen, id)
		i := slices.IndexFunc(r.env.Files, func(f File) bool { return f.ID == id && f.Answer == a.id })
		if i < 0 {
			return nil, false, fault.Invalid("file.gone", "有文件已经不在了，请重新上传")
		}
		f := r.env.Files[i]
		if err := a.file.takes(f.Kind, f.Size); err != nil {
			return nil, false, err
		}
		chosen = append(chosen, f.value())
	}
	switch {
	case len(chosen) == 0 && a.optional:
		return nil, false, nil
	case len(chosen) == 0:
		f := fault.Invalid("file.missing", "请上传%s", r.inChinese(a.title))
		f.Args = []any{a.title(r.scene())}
		return nil, false, f
	case len(chosen) > a.file.max:
		return nil, false, fault.Invalid("file.many", "最多 %d 个文件，请去掉几个", a.file.max)
	}
	return chosen, true, nil
}

// kept reports whether all of these are still there.
func (r *run) kept(files []File) bool {
	return !slices.ContainsFunc(files, func(f File) bool {
		return !slices.ContainsFunc(r.env.Files, func(have File) bool { return have.ID == f.ID && have.Answer == f.Answer })
	})
}

// takes says in plain words what is wrong with a file of this kind and size; nil for nothing.
func (d fileDef) takes(k scrub.Kind, size int64) error { return Taken(d.kinds, d.size, k, size) }

// Taken says in plain words why a field that takes these kinds, of at most max bytes, does not take a file; nil when it does.
func Taken(kinds []scrub.Kind, max int64, k scrub.Kind, size int64) error {
	switch {
	case !slices.Contains(kinds, k) && !slices.Contains(kinds, scrub.PDF):
		return fault.Invalid("file.photo", "这里只能上传照片（JPG、PNG 或 WebP）")
	case !slices.Contains(kinds, k) && !slices.Contains(kinds, scrub.JPEG):
		return fault.Invalid("file.pdf", "这里只能上传 PDF 文件")
	case !slices.Contains(kinds, k):
		return fault.Invalid("file.kind", "只能上传照片（JPG、PNG、WebP）或 PDF")
	case size > max:
		return fault.Invalid("file.large", "文件太大了，一个最多 %s", Megabytes(max))
	}
	return nil
}

// Megabytes gives a size as people read it: "5 MB", "0.3 MB"; what is smaller than 0.1 MB is that.
func Megabytes(n int64) string {
	tenths := max(1, (n*10+(1<<19))>>20)
	if tenths%10 == 0 {
		return fmt.Sprintf("%d MB", tenths/10)
	}
	return fmt.Sprintf("%d.%d MB", tenths/10, tenths%10)
}

// fileField adds to a field what may be uploaded and what was.
func (w *writer) fileField(a *answer, f *Field) {
	f.Accept, f.Max, f.MaxSize = a.file.kinds, a.file.max, a.file.size
	for _, have := range w.env.Files {
		if have.Answer == a.id {
			f.Files = append(f.Files, have)
		}
	}
}

// filesRow shows files in a summary by their number.
func (w *writer) filesRow(row *Row, files []File) {
	row.Files = files
	switch len(files) {
	case 0:
		row.Value = "—"
	case 1:
		row.Value = w.say("file.one")
	default:
		row.Value = w.say("files", len(files))
	}
}

// fillFile reads what an answer of type file takes: accept, max, max_size.
func (l *loader) fillFile(a *draftAnswer) {
	m := a.m
	accept, size := m.get("accept"), m.get("max_size")
	if a.name != typeFile {
		for _, key := range []string{"accept", "max_size"} {
			if n := m.get(key); n != nil {
				l.say(n, m.at(key), "%q is for files, not for a %s.", key, a.name)
			}
		}
		return
	}
	if a.why.empty() {
		l.say(m.node, m.path, "\"why\" is missing: a file shows more of a person than any other answer.")
	}
	if a.file.max = a.max; a.max == 0 {
		a.file.max = MaxFiles
	}
	if a.max > MaxFiles {
		l.say(m.get("max"), m.at("max"), "A case holds at most %d files.", MaxFiles)
	}
	a.file.size = l.fileSize(size, m.at("max_size"))
	for _, w := range l.words(accept, m.at("accept")) {
		switch w {
		case "image":
			a.file.kinds = append(a.file.kinds, scrub.JPEG, scrub.PNG, scrub.WebP)
		case "pdf":
			a.file.kinds = append(a.file.kinds, scrub.PDF)
		default:
			l.say(accept, m.at("accept"), "%q cannot be told by its content; \"accept\" knows image and pdf.", clip(w))
		}
	}
	if accept != nil && len(a.file.kinds) == 0 {
		l.say(accept, m.at("accept"), "\"accept\" names at least one of image and pdf.")
	}
	if accept == nil {
		a.file.kinds = []scrub.Kind{scrub.JPEG, scrub.PNG, scrub.WebP, scrub.PDF}
	}
}

// fileSize reads "5MB".
func (l *loader) fileSize(n *yaml.Node, path string) int64 {
	if n == nil {
		return defaultFile
	}
	var mb int64
	w := l.word(n, path)
	if _, err := fmt.Sscanf(w, "%dMB", &mb); err != nil || fmt.Sprintf("%dMB", mb) != w || mb < 1 || mb<<20 > largestFile {
		l.say(n, path, "%q is no size of a file; write 1MB to %dMB.", clip(w), largestFile>>20)
		return defaultFile
	}
	return mb << 20
}

// lintFiles wants files to be somebody's, and uploaded by residents.
func (l *loader) lintFiles(s *draftStep, level int) {
	for _, f := range s.fields {
		switch {
		case f.answer == nil || f.answer.name != typeFile:
		case s.kind == kindReview:
			l.say(s.m.node, s.m.path, "%q is a file: residents upload files, staff do not.", f.answer.id)
		case level < 1:
			l.say(s.m.node, s.m.path, "%q is a file, and anybody could upload here; put \"level: L1\" on this step or an earlier one.", f.answer.id)
		}
	}
}

// testFiles invents the files that a test uploads.
func (d *Definition) testFiles(t rehearsal) []File {
	var out []File
	for _, a := range d.answers {
		if a.name != typeFile || len(a.file.kinds) == 0 {
			continue
		}
		for i, id := range t.answers[a.id] {
			out = append(out, File{ID: id, Answer: a.id, Name: fmt.Sprintf("%s %d", a.id, i+1), Kind: a.file.kinds[0], Size: 100_000})
		}
	}
	return out
}
