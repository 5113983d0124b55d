// Package editions keeps editions of the observatory as files: DIR/observatory/<edition>/ with the facts as tables in canonical order,
// the exhibits as JSON, and a manifest with the hash of each,
// signed (manifest.sig) with the key that the shelf makes once (signing.key, for its owner's eyes alone).
//
// An edition appears whole or not at all: it is written beside its place and then renamed, after every file is on disk. The same
// facts are the same bytes; no time is written. A correction is a new edition that names the
// one it corrects and keeps the list of what differs; putting other facts under a name that is taken is
// fault.Conflict. Verify rebuilds everything from the facts. One process writes a shelf at a time; reading needs no lock.
package editions

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"syscall"
	"time"

	"zhijian/domain/observatory"
	"zhijian/domain/observatory/public"
	"zhijian/ground/fault"
)

// Shelf is the folder that holds editions.
type Shelf struct{ dir string }

// Open gives the shelf under a data folder; it is made by the first Put.
func Open(data string) *Shelf { return &Shelf{filepath.Join(data, "observatory")} }

// Manifest says what an edition is.
type Manifest struct {
	Name      string `json:"name"`
	Simulated bool   `json:"simulated"`          // every figure must be shown as simulated
	Previous  string `json:"previous,omitempty"` // the edition it is compared with
	Accounts  int    `json:"accounts"`
	Months    int    `json:"months"`
	Refused   int    `json:"refused"` // rows that the import did not take
	// Corrects names the edition that this one stands in place of, and Reason says why; both or none.
	Corrects string `json:"corrects,omitempty"`
	Reason   string `json:"reason,omitempty"`
	// Facts are SHA-256 sums by file; FactsSum is the sum over them.
	Facts    map[string]string `json:"facts"`
	FactsSum string            `json:"facts_sum"`
	// The rest is empty until the exhibits are computed.
	MethodVersion string            `json:"method_version,omitempty"`
	CodeVersion   string            `json:"code_version,omitempty"`
	PreviousSum   string            `json:"previous_sum,omitempty"` // FactsSum of Previous when the exhibits were computed
	Exhibits      map[string]string `json:"exhibits,omitempty"`     // SHA-256 sums by exhibit
	ExhibitsSum   string            `json:"exhibits_sum,omitempty"`
	// Of an edition that corrects another: ExhibitsSum of that one, how many places differ, and the sum of the list of them.
	CorrectsSum    string `json:"corrects_sum,omitempty"`
	Corrections    int    `json:"corrections,omitempty"`
	CorrectionsSum string `json:"corrections_sum,omitempty"`
}

// Public says what an edition is as pages, files and programs are told.
func (m Manifest) Public() public.Edition {
	return public.Edition{
		Name: m.Name, Simulated: m.Simulated, Previous: m.Previous, Corrects: m.Corrects, Reason: m.Reason, Accounts: m.Accounts, Months: m.Months, Refused: m.Refused,
		FactsSum: m.FactsSum, ExhibitsSum: m.ExhibitsSum, MethodVersion: m.MethodVersion, CodeVersion: m.CodeVersion,
	}
}

const (
	manifestFile  = "manifest.json"
	factsFolder   = "facts"
	exhibitFolder = "exhibits"
)

var nameForm = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,63}$`)

func (s *Shelf) path(name string, more ...string) string {
	return filepath.Join(append([]string{s.dir, name}, more...)...)
}

// Put freezes facts under a name. The same facts again are already so; other facts are fault.Conflict unless replace says to
// write them in place of the old edition, whose exhibits then go too. fault.Invalid for a name that is none, fault.NotFound when
// an edition that it names does not exist.
func (s *Shelf) Put(m Manifest, facts *observatory.Facts, replace bool) (_ Manifest, err error) {
	defer fault.Wrap(&err, "put edition %s", m.Name)
	if !nameForm.MatchString(m.Name) {
		return m, fault.Invalid("edition.name", "版次名请用小写字母、数字、点和短横，例如 2015-08")
	}
	if (m.Corrects == "") != (m.Reason == "") || m.Corrects == m.Name {
		return m, fault.Invalid("edition.reason", "更正要有另一版的名字和原因，请用 --corrects 和 --reason")
	}
	for _, other := range []string{m.Previous, m.Corrects} {
		if other == "" {
			continue
		}
		if _, err := s.Manifest(other); err != nil {
			return m, err
		}
	}
	files, err := encode(facts)
	if err != nil {
		return m, err
	}
	m.Accounts, m.Months = len(facts.Accounts), len(facts.Months)
	m.Facts = sums(files)
	m.FactsSum = sumOf(m.Facts)
	old, err := s.Manifest(m.Name)
	switch {
	case err == nil && old.FactsSum == m.FactsSum && old.Previous == m.Previous && old.Corrects == m.Corrects && old.Reason == m.Reason:
		return old, nil
	case err == nil && !replace:
		return m, fault.Conflict("edition.exists", "版次 %s 已经有了，内容不同；请换一个版次名", m.Name)
	case err != nil && !fault.Is(err, fault.KindNotFound):
		return m, err
	}
	return m, s.write(m, files)
}

// write puts a whole edition in place.
func (s *Shelf) write(m Manifest, files map[string][]byte) error {
	if err := os.MkdirAll(s.dir, 0o755); err != nil {
		return err
	}
	fresh, err := os.MkdirTemp(s.dir, ".new-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(fresh)
	if err := os.Chmod(fresh, 0o755); err != nil {
		return err
	}
	if err := writeAll(filepath.Join(fresh, factsFolder), files); err != nil {
		return err
	}
	if err := s.writeManifest(fresh, m); err != nil {
		return err
	}
	return s.swap(fresh, s.path(m.Name))
}

// swap renames fresh to place. What stands there steps aside first, under a name that no edition can have, and comes back when
// fresh cannot take its place.
func (s *Shelf) swap(fresh, place string) error {
	aside := fresh + ".old"
	switch err := os.Rename(place, aside); {
	case errors.Is(err, fs.ErrNotExist):
		aside = ""
	case err != nil:
		return err
	}
	if err := os.Rename(fresh, place); err != nil {
		if aside != "" {
			err = errors.Join(err, os.Rename(aside, place))
		}
		return err
	}
	if aside != "" {
		if err := os.RemoveAll(aside); err != nil {
			return err
		}
	}
	return syncFolder(s.dir)
}

// Remove takes an edition from the shelf, whole or not at all: it is renamed first, and what a process that was killed left of it
// goes with the next one. fault.NotFound when there is none, fault.Conflict when another edition names it.
func (s *Shelf) Remove(name string) (err error) {
	defer fault.Wrap(&err, "remove edition %s", name)
	all, err := s.List()
	if err != nil {
		return err
	}
	for _, m := range all {
		if m.Previous == name || m.Corrects == name {
			return fault.Conflict("edition.needed", "版次 %s 要用到它，不能删", m.Name)
		}
	}
	if _, err := s.Manifest(name); err != nil {
		return err
	}
	if err := os.Rename(s.path(name), s.path(gonePrefix+name)); err != nil {
		return err
	}
	left, err := filepath.Glob(s.path(gonePrefix + "*"))
	for _, folder := range left {
		err = errors.Join(err, os.RemoveAll(folder))
	}
	return errors.Join(err, syncFolder(s.dir))
}

// gonePrefix begins the name of a folder that is being removed: no edition is called so.
const gonePrefix = ".gone-"

// Manifest reads what an edition is; fault.NotFound when there is none.
func (s *Shelf) Manifest(name string) (m Manifest, err error) {
	defer fault.Wrap(&err, "read edition %q", name)
	if !nameForm.MatchString(name) {
		return m, fault.NotFound("edition.none", "没有名为 %s 的版次", name)
	}
	b, err := os.ReadFile(s.path(name, manifestFile))
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) { // no folder: signing.key
		return m, fault.NotFound("edition.none", "没有名为 %s 的版次", name)
	}
	if err != nil {
		return m, err
	}
	return m, json.Unmarshal(b, &m)
}

// Written says when an edition's manifest was written last; the manifest itself holds no time, so that the same facts are the same bytes.
func (s *Shelf) Written(name string) (time.Time, error) {
	if _, err := s.Manifest(name); err != nil {
		return time.Time{}, err
	}
	info, err := os.Stat(s.path(name, manifestFile))
	if err != nil {
		return time.Time{}, err
	}
	return info.ModTime(), nil
}

// List gives the editions by name; none when the shelf does not exist.
func (s *Shelf) List() (list []Manifest, err error) {
	entries, err := os.ReadDir(s.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if !e.IsDir() || !nameForm.MatchString(e.Name()) {
			continue
		}
		m, err := s.Manifest(e.Name())
		if err != nil {
			return nil, err
		}
		list = append(list, m)
	}
	return list, nil
}

// Facts reads an edition's facts. An error that wraps ErrChanged when a file is not the one that was frozen.
func (s *Shelf) Facts(name string) (_ *observatory.Facts, m Manifest, err error) {
	if m, err = s.Manifest(name); err != nil {
		return nil, m, err
	}
	defer fault.Wrap(&err, "read the facts of edition %s", name)
	files := map[string][]byte{}
	for _, t := range tables {
		if _, ok := m.Facts[t.name]; !ok && t.lately {
			continue
		}
		b, err := os.ReadFile(s.path(name, factsFolder, t.name))
		if err != nil {
			return nil, m, err
		}
		if sum(b) != m.Facts[t.name] {
			return nil, m, fmt.Errorf("%w: %s", ErrChanged, t.name)
		}
		files[t.name] = b
	}
	if sumOf(m.Facts) != m.FactsSum {
		return nil, m, fmt.Errorf("%w: %s", ErrChanged, manifestFile)
	}
	f, err := decode(files)
	return f, m, err
}

// ErrChanged is wrapped when a file of an edition is not what was frozen.
var ErrChanged = errors.New("the file is not the one that was frozen")

// Both reads the facts of an edition and of the one it is compared with, nil when there is none.
func (s *Shelf) Both(name string) (facts, previous *observatory.Facts, m Manifest, err error) {
	if facts, m, err = s.Facts(name); err != nil || m.Previous == "" {
		return facts, nil, m, err
	}
	previous, _, err = s.Facts(m.Previous)
	return facts, previous, m, err
}

// Save keeps the exhibits of an edition, in place of those it had.
func (s *Shelf) Save(name, codeVersion string, exhibits []observatory.Exhibit) (m Manifest, err error) {
	defer fault.Wrap(&err, "save the exhibits of edition %s", name)
	if m, err = s.Manifest(name); err != nil {
		return m, err
	}
	files, err := encodeExhibits(exhibits)
	if err != nil {
		return m, err
	}
	m.PreviousSum = ""
	if m.Previous != "" {
		before, err := s.Manifest(m.Previous)
		if err != nil {
			return m, err
		}
		m.PreviousSum = before.FactsSum
	}
	m.MethodVersion, m.CodeVersion = observatory.MethodVersion, codeVersion
	m.Exhibits = map[string]string{}
	for file, b := range files {
		m.Exhibits[file[:len(file)-len(".json")]] = sum(b)
	}
	m.ExhibitsSum = sumOf(m.Exhibits)
	list, err := s.corrections(&m, exhibits)
	if err != nil {
		return m, err
	}
	if m.Corrects != "" {
		files[correctionsFile] = list
	}
	folder := s.path(name, m.exhibitFolder())
	if err := writeAll(folder, files); err != nil {
		return m, err
	}
	if err := s.writeManifest(s.path(name), m); err != nil { // from here on readers see the new exhibits, all of them
		return m, err
	}
	return m, s.sweep(m)
}

// exhibitFolder is named after what it holds, so that a manifest never points at half of one state and half of another.
func (m Manifest) exhibitFolder() string {
	return exhibitFolder + "-" + m.ExhibitsSum[:min(16, len(m.ExhibitsSum))]
}

// sweep removes the exhibits that no manifest points at any more.
func (s *Shelf) sweep(m Manifest) error {
	old, err := filepath.Glob(s.path(m.Name, exhibitFolder+"-*"))
	if err != nil {
		return err
	}
	for _, folder := range old {
		if filepath.Base(folder) != m.exhibitFolder() {
			if err := os.RemoveAll(folder); err != nil {
				return err
			}
		}
	}
	return nil
}

// Exhibit reads one exhibit of an edition; fault.NotFound when the edition has none of this id.
func (s *Shelf) Exhibit(name, id string) (e observatory.Exhibit, err error) {
	m, err := s.Manifest(name)
	if err != nil {
		return e, err
	}
	defer fault.Wrap(&err, "read exhibit %s of edition %s", id, name)
	want, ok := m.Exhibits[id]
	if !ok {
		return e, fault.NotFound("edition.exhibit", "这一版没有图表 %s", id)
	}
	b, err := os.ReadFile(s.path(name, m.exhibitFolder(), id+".json"))
	if err != nil {
		return e, err
	}
	if sum(b) != want {
		return e, fmt.Errorf("%w: %s.json", ErrChanged, id)
	}
	return e, json.Unmarshal(b, &e)
}

// Exhibits reads all exhibits of an edition in the order of observatory.IDs.
func (s *Shelf) Exhibits(name string) (list []observatory.Exhibit, err error) {
	m, err := s.Manifest(name)
	if err != nil {
		return nil, err
	}
	for _, id := range order(m) {
		e, err := s.Exhibit(name, id)
		if err != nil {
			return nil, err
		}
		list = append(list, e)
	}
	return list, nil
}

// order lists the exhibits of a manifest: those this program knows in its order, then others by name.
func order(m Manifest) (ids []string) {
	for _, id := range observatory.IDs() {
		if _, ok := m.Exhibits[id]; ok {
			ids = append(ids, id)
		}
	}
	var others []string
	for id := range m.Exhibits {
		if !slices.Contains(ids, id) {
			others = append(others, id)
		}
	}
	slices.Sort(others)
	return append(ids, others...)
}

func encodeExhibits(list []observatory.Exhibit) (map[string][]byte, error) {
	files := map[string][]byte{}
	for i := range list {
		b, err := EncodeExhibit(&list[i])
		if err != nil {
			return nil, err
		}
		files[list[i].ID+".json"] = b
	}
	return files, nil
}

// EncodeExhibit gives the JSON of an exhibit as it is kept and hashed, with an end of line.
func EncodeExhibit(e *observatory.Exhibit) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(e)
	return b.Bytes(), err
}

func sum(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

func sums(files map[string][]byte) map[string]string {
	out := make(map[string]string, len(files))
	for name, b := range files {
		out[name] = sum(b)
	}
	return out
}

// sumOf is the sum over the sorted lines "sum  name", as sha256sum prints them.
func sumOf(of map[string]string) string {
	var names []string
	for n := range of {
		names = append(names, n)
	}
	slices.Sort(names)
	var b bytes.Buffer
	for _, n := range names {
		fmt.Fprintf(&b, "%s  %s\n", of[n], n)
	}
	return sum(b.Bytes())
}
