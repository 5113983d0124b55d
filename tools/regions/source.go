package main

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

const (
	npmPackage   = "gb2260@0.6.0"
	npmFile      = "lib/201509.json"
	divisionsSum = "98c569440bfca28a1585479712bcd6f7a2567810f52fc416b395cb8632821ca2"

	goModule      = "github.com/mozillazg/go-pinyin@v0.21.0"
	goFile        = "pinyin_dict.go"
	dictionarySum = "da42fc81436fa060084dc7d72b51f843854f1430c8d1b0afa8b0406b658b87e7"
)

// sources is everything the tables are made of.
type sources struct {
	names      map[string]string    // code → name, September 2015
	ours       []map[string]string  // catalog/regions/prefectures.csv, in order
	readings   map[rune][]string    // toneless, most usual first
	places     map[string][]string  // readings inside place names: name → one syllable a character
	placeChars map[rune]string      // readings of single characters in place names
	english    map[string]string    // code → English name
	seats      map[string][2]string // code → lon, lat of a county's government
	words      []map[string]string  // catalog/words/pinyin.csv, in order
}

func open(root, divisions, dictionary string) (*sources, error) {
	s := &sources{}
	text, err := pinned(divisions, divisionsSum, fetchNPM)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, &s.names); err != nil {
		return nil, err
	}
	if text, err = pinned(dictionary, dictionarySum, fetchModule); err != nil {
		return nil, err
	}
	s.readings = parseDictionary(text)
	if s.ours, err = table(filepath.Join(root, "catalog/regions/prefectures.csv")); err != nil {
		return nil, err
	}
	if s.words, err = table(filepath.Join(root, "catalog/words/pinyin.csv")); err != nil {
		return nil, err
	}
	places, err := table(filepath.Join(root, "tools/regions/places.csv"))
	if err != nil {
		return nil, err
	}
	english, err := table(filepath.Join(root, "tools/regions/english.csv"))
	if err != nil {
		return nil, err
	}
	return s, s.correct(places, english)
}

func (s *sources) correct(places, english []map[string]string) error {
	s.places, s.placeChars, s.english = map[string][]string{}, map[rune]string{}, map[string]string{}
	for _, p := range places {
		name, syllables := []rune(p["name"]), strings.Fields(p["pinyin"])
		if len(name) != len(syllables) {
			return fmt.Errorf("places.csv: %s has %d characters and %d syllables", p["name"], len(name), len(syllables))
		}
		if len(name) == 1 {
			s.placeChars[name[0]] = syllables[0]
			continue
		}
		s.places[p["name"]] = syllables
	}
	for _, e := range english {
		if _, ok := s.names[e["code"]]; !ok && e["code"] != "000000" {
			return fmt.Errorf("english.csv: no division has the code %s", e["code"])
		}
		s.english[e["code"]] = e["en"]
	}
	return nil
}

func (s *sources) readSeats(root string) error {
	rows, err := table(filepath.Join(root, "tools/regions/seats.csv"))
	if err != nil {
		return err
	}
	s.seats = map[string][2]string{}
	for _, r := range rows {
		s.seats[r["code"]] = [2]string{r["lon"], r["lat"]}
	}
	return nil
}

// pinned reads the file, or fetches it when no path is given, and checks its SHA-256.
func pinned(path, sum string, fetch func(dir string) (string, error)) ([]byte, error) {
	if path == "" {
		dir, err := os.MkdirTemp("", "regions-")
		if err != nil {
			return nil, err
		}
		defer os.RemoveAll(dir)
		if path, err = fetch(dir); err != nil {
			return nil, err
		}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if got := sha256.Sum256(text); hex.EncodeToString(got[:]) != sum {
		return nil, fmt.Errorf("%s: SHA-256 is %x, not the pinned one", path, got)
	}
	return text, nil
}

func fetchNPM(dir string) (string, error) {
	cmd := exec.Command("npm", "install", "--prefix", dir, "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", npmPackage)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("npm install %s: %w\n%s", npmPackage, err, out)
	}
	return filepath.Join(dir, "node_modules", "gb2260", filepath.FromSlash(npmFile)), nil
}

func fetchModule(dir string) (string, error) {
	cmd := exec.Command("go", "mod", "download", "-json", goModule)
	cmd.Dir = dir
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("go mod download %s: %w\n%s", goModule, err, out)
	}
	var m struct{ Dir string }
	if err := json.Unmarshal(out, &m); err != nil {
		return "", err
	}
	return filepath.Join(m.Dir, goFile), nil
}

// parseDictionary reads lines such as `0x884C: "xíng,háng",` and drops tones.
func parseDictionary(text []byte) map[rune][]string {
	line := regexp.MustCompile(`(?m)^\s*0x([0-9A-F]+):\s*"([^"]+)"`)
	all := map[rune][]string{}
	for _, m := range line.FindAllSubmatch(text, -1) {
		code, err := strconv.ParseInt(string(m[1]), 16, 32)
		if err != nil || code < 0x4E00 || code > 0x9FFF {
			continue // search and place names stay inside the basic block
		}
		for reading := range strings.SplitSeq(string(m[2]), ",") {
			flat := toneless(reading)
			if !contains(all[rune(code)], flat) {
				all[rune(code)] = append(all[rune(code)], flat)
			}
		}
	}
	return all
}

// toneless maps a reading to plain letters; ü becomes v, as keyboards have it.
func toneless(s string) string {
	const marked = "āáǎàēéěèōóǒòīíǐìūúǔùǖǘǚǜüńňǹḿɡ"
	const plain = "aaaaeeeeooooiiiiuuuuvvvvvnnnmg"
	var b strings.Builder
	letters := []rune(marked)
	for _, r := range s {
		at := -1
		for i, m := range letters {
			if m == r {
				at = i
			}
		}
		switch {
		case at >= 0:
			b.WriteByte(plain[at])
		case r == 'ê' || r == 'ế' || r == 'ề':
			b.WriteByte('e')
		case r >= 'a' && r <= 'z':
			b.WriteRune(r)
		}
	}
	return b.String()
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// table reads a CSV file as one map per row, by the header's names.
func table(path string) ([]map[string]string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	var list []map[string]string
	for _, row := range rows[1:] {
		m := map[string]string{}
		for i, h := range rows[0] {
			m[h] = row[i]
		}
		list = append(list, m)
	}
	return list, nil
}
