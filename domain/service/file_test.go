package service_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"zhijian/domain/service"
	"zhijian/ground/fault"
	"zhijian/ground/scrub"
)

func renovationSource(t testing.TB) string {
	t.Helper()
	src, err := os.ReadFile("testdata/renovation.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(src)
}

func renovationDefinition(t testing.TB) *service.Definition {
	t.Helper()
	d, problems := service.Load("renovation.yaml", []byte(renovationSource(t)))
	if d == nil {
		t.Fatal(problems)
	}
	return d
}

// uploaded are the files of a case: two photos, a drawing.
func uploaded() []service.File {
	return []service.File{
		{ID: "P1", Answer: "photos", Name: "墙.jpg", Kind: scrub.JPEG, Size: 1 << 20, SHA256: "a1"},
		{ID: "P2", Answer: "photos", Name: "窗.png", Kind: scrub.PNG, Size: 2 << 20, SHA256: "a2"},
		{ID: "D1", Answer: "drawing", Name: "图.pdf", Kind: scrub.PDF, Size: 1 << 20, SHA256: "a3"},
	}
}

// atPhotos stands at the page that asks for files, with all of uploaded there.
func atPhotos(t testing.TB) *rider {
	t.Helper()
	d := renovationDefinition(t)
	r := ride(t, d, service.Offer{City: "330100", Definition: d, Department: "文三街道（演示）"}, "")
	r.env.Files = uploaded()
	r.answer("address", "文三路 1 号")
	return r
}

func TestFilesAreAnAnswer(t *testing.T) {
	t.Parallel()
	r := atPhotos(t)
	v := r.view()
	want := []service.Field{
		{
			Name: "photos", Type: "file", Label: "房屋照片", Hint: "能看清整面墙", Why: "看是不是承重墙", Files: uploaded()[:2],
			Accept: []scrub.Kind{scrub.JPEG, scrub.PNG, scrub.WebP}, Max: 3, MaxSize: 5 << 20,
		},
		{
			Name: "drawing", Type: "file", Label: "图纸", Why: "有图纸审核更快", Optional: true, Files: uploaded()[2:],
			Accept: []scrub.Kind{scrub.PDF}, Max: 1, MaxSize: 2 << 20,
		},
	}
	if diff := cmp.Diff(want, v.Fields); diff != "" {
		t.Fatal(diff)
	}
	r.answer("photos", "P1", "photos", "P2", "photos", "P1", "photos", "", "drawing", "D1")
	if diff := cmp.Diff(uploaded(), r.d.Files(r.s)); diff != "" {
		t.Error(diff)
	}
	rows := r.view().Rows
	if len(rows) != 3 || rows[1].Value != "2 个文件" || len(rows[1].Files) != 2 || rows[1].Edit != "photos" || rows[2].Value != "1 个文件" || rows[2].Files[0].ID != "D1" {
		t.Errorf("rows %+v", rows)
	}
	r.answer()
	brief, ok := r.d.Brief(r.s, r.env)
	if !ok || len(brief.Rows[1].Files) != 2 || brief.Rows[1].Files[0].Name != "墙.jpg" || brief.Rows[3].Value != "—" {
		t.Fatalf("staff see %+v", brief.Rows)
	}
	r.do(service.Review{Step: brief.Step, Verdict: service.VerdictAccept})
	if v := r.view(); v.Title != "备案好了，收到 2 张照片" {
		t.Errorf("title %q", v.Title)
	}
	stored, err := r.s.Encode()
	if err != nil {
		t.Fatal(err)
	}
	back, err := service.DecodeState(stored)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(uploaded(), r.d.Files(back)); diff != "" {
		t.Errorf("kept and read again: %s", diff)
	}
}

// TestOnlyOwnFilesCount: an id counts only when the house says that this file was uploaded for this answer of this case.
func TestOnlyOwnFilesCount(t *testing.T) {
	t.Parallel()
	four := append(uploaded(), service.File{ID: "P3", Answer: "photos", Kind: scrub.JPEG}, service.File{ID: "P4", Answer: "photos", Kind: scrub.WebP})
	large := append(uploaded(), service.File{ID: "P3", Answer: "photos", Kind: scrub.JPEG, Size: 5<<20 + 1})
	document := append(uploaded(), service.File{ID: "P3", Answer: "photos", Kind: scrub.PDF, Size: 1})
	picture := append(uploaded(), service.File{ID: "D2", Answer: "drawing", Kind: scrub.JPEG, Size: 1})
	for name, c := range map[string]struct {
		have   []service.File
		values map[string][]string
		field  string
		code   string
	}{
		"nothing":            {uploaded(), nil, "photos", "file.missing"},
		"blank":              {uploaded(), map[string][]string{"photos": {" ", ""}}, "photos", "file.missing"},
		"somebody else's":    {uploaded(), map[string][]string{"photos": {"P1", "Q7"}}, "photos", "file.gone"},
		"of another answer":  {uploaded(), map[string][]string{"photos": {"D1"}}, "photos", "file.gone"},
		"removed since":      {uploaded()[1:], map[string][]string{"photos": {"P1"}}, "photos", "file.gone"},
		"a path":             {uploaded(), map[string][]string{"photos": {"../P1"}}, "photos", "file.gone"},
		"too many":           {four, map[string][]string{"photos": {"P1", "P2", "P3", "P4"}}, "photos", "file.many"},
		"too large":          {large, map[string][]string{"photos": {"P3"}}, "photos", "file.large"},
		"not a photo":        {document, map[string][]string{"photos": {"P3"}}, "photos", "file.photo"},
		"not a document":     {picture, map[string][]string{"photos": {"P1"}, "drawing": {"D2"}}, "drawing", "file.pdf"},
		"text in its place":  {uploaded(), map[string][]string{"photos": {"<script>"}}, "photos", "file.gone"},
		"drawing out of cup": {uploaded(), map[string][]string{"photos": {"P1"}, "drawing": {"D1", "P2"}}, "drawing", "file.gone"},
	} {
		r := atPhotos(t)
		r.env.Files = c.have
		err := r.try(service.Answer{Step: "photos", Values: c.values})
		f := fault.Of(err)
		if f == nil || f.Kind != fault.KindInvalid || f.Field != c.field || f.Code != c.code {
			t.Errorf("%s: %v, want %s at %s", name, err, c.code, c.field)
		}
		if r.s.Step != "photos" || len(r.d.Files(r.s)) != 0 {
			t.Errorf("%s: went on", name)
		}
	}
}

// TestGoneFilesAreAskedForAgain: whoever changes an earlier answer and lost a file meanwhile comes by the page that asks for it.
func TestGoneFilesAreAskedForAgain(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		left []service.File
		step string
	}{"all there": {uploaded(), "check"}, "one gone": {uploaded()[1:], "photos"}} {
		r := atPhotos(t)
		r.answer("photos", "P1", "photos", "P2")
		r.env.Files = c.left
		r.do(service.Change{Step: "address", Return: true})
		r.answer("address", "文三路 2 号")
		if r.s.Step != c.step {
			t.Errorf("%s: at %s, want %s", name, r.s.Step, c.step)
		}
	}
}

func TestFilesOfAStateOfNone(t *testing.T) {
	t.Parallel()
	d := renovationDefinition(t)
	if !d.AsksFiles() || len(d.Files(service.State{})) != 0 {
		t.Error("files out of nothing")
	}
	if permitDefinition(t).AsksFiles() {
		t.Error("the permit asks for no file")
	}
}

func TestRenovationRehearses(t *testing.T) {
	t.Parallel()
	d := renovationDefinition(t)
	for _, r := range (service.Stage{Offer: service.Offer{Definition: d}, Now: noon}).Run() {
		for _, bad := range r.Bad {
			t.Errorf("%s: %s", r.Name, bad)
		}
	}
}

func TestBrokenFileAnswers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ old, new, say string }{
		"no reason":         {"    why: {zh: 看是不是承重墙, en: To see whether a wall carries the house}\n", "", `"why" is missing: a file shows more`},
		"kind":              {"accept: [image]", "accept: [heic]", `"heic" cannot be told by its content`},
		"no kind":           {"accept: [image]", "accept: []", `"accept" names at least one`},
		"too many":          {"max: 3", "max: 10", "A case holds at most 9 files."},
		"at least":          {"max: 3", "min: 2", "One file or more is wanted"},
		"too large":         {"max_size: 2MB", "max_size: 11MB", `"11MB" is no size of a file; write 1MB to 10MB.`},
		"size in words":     {"max_size: 2MB", "max_size: 2 MB", `"2 MB" is no size`},
		"prefill":           {"max_size: 2MB", "prefill: me.phone", `A file is uploaded, so it has no "prefill".`},
		"from a list":       {"max_size: 2MB", "from: me.vehicles", `A file is uploaded, so it has no "from".`},
		"rules on a text":   {"address: {type: place,", "address: {type: place, accept: [pdf],", `"accept" is for files, not for a place.`},
		"anybody":           {"    level: L1\n", "", `"photos" is a file, and anybody could upload here`},
		"uploaded by staff": {"    more: proof_page\n    within", "    asks: [proof]\n    more: proof_page\n    within", "residents upload files, staff do not"},
		"a file as a text":  {"say: {zh: \"备案好了，收到 {size(photos)} 张照片\"", "say: {zh: \"{photos.size}\"", `"photos" has no member "size"`},
	} {
		src := renovationSource(t)
		if strings.Count(src, c.old) != 1 {
			t.Fatalf("%s: %q is there %d times", name, c.old, strings.Count(src, c.old))
		}
		d, problems := service.Load("f.yaml", []byte(strings.Replace(src, c.old, c.new, 1)))
		said := ""
		for _, p := range problems {
			said += p.String() + "\n"
		}
		if d != nil || !strings.Contains(said, c.say) {
			t.Errorf("%s: want %q, got %s", name, c.say, said)
		}
	}
}

func TestMegabytes(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]string{0: "0.1 MB", 1: "0.1 MB", 300 << 10: "0.3 MB", 5 << 20: "5 MB", 5<<20 - 1: "5 MB", 7 << 19: "3.5 MB"} {
		if got := service.Megabytes(n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}
