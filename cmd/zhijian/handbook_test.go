package main

import (
	"encoding/csv"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"zhijian/catalog"
)

// handbook is what somebody reads who writes a service.
func handbook(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile("../../docs/service-definition.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// copied writes every file that the handbook shows whole where it says that the file lies, as its reader does.
func copied(t *testing.T) (folder string) {
	t.Helper()
	folder = t.TempDir()
	files := regexp.MustCompile("(?ms)^```yaml ((?:services|cities|sandbox)/\\S+)\n(.*?)^```$").FindAllStringSubmatch(handbook(t), -1)
	if len(files) != 4 {
		t.Fatalf("the handbook shows %d files; a service, its city and two imitation offices are told", len(files))
	}
	for _, f := range files {
		at := filepath.Join(folder, filepath.FromSlash(f[1]))
		if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, []byte(f[2]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// Who follows the handbook to the letter has a service that passes the check and its own tests, on pages, over the API and in a chat.
func TestHandbookToTheLetter(t *testing.T) {
	t.Parallel()
	folder := copied(t)
	if err := (serviceCheckCmd{Catalogue: folder}).Run(); err != nil {
		t.Errorf("check of the folder: %v", err)
	}
	if err := (serviceCheckCmd{Files: []string{filepath.Join(folder, "services", "own-tree-felling.yaml"), filepath.Join(folder, "cities", "jiaxing.yaml")}}).Run(); err != nil {
		t.Errorf("check of the files: %v", err)
	}
	log := slog.New(slog.DiscardHandler)
	if err := (serviceTestCmd{Catalogue: folder, City: "330100", Seed: 1}).Run(t.Context(), log); err != nil {
		t.Errorf("test of the folder: %v", err)
	}
	if err := (serviceTestCmd{Services: []string{filepath.Join(folder, "services", "own-tree-felling.yaml")}, City: "330100", Seed: 1, Channels: []string{"page"}}).Run(t.Context(), log); err != nil {
		t.Errorf("test of the file: %v", err)
	}
}

// What a beginner is likely to do wrong is told in a sentence that says what to do.
func TestServiceCommandsSayWhatToDo(t *testing.T) {
	t.Parallel()
	folder, log := copied(t), slog.New(slog.DiscardHandler)
	change := func(name, old, new string) string {
		t.Helper()
		own := t.TempDir()
		if err := os.CopyFS(own, os.DirFS(folder)); err != nil {
			t.Fatal(err)
		}
		at := filepath.Join(own, filepath.FromSlash(name))
		b, err := os.ReadFile(at)
		if err != nil || !strings.Contains(string(b), old) {
			t.Fatalf("%s has no %q: %v", name, old, err)
		}
		if err := os.WriteFile(at, []byte(strings.Replace(string(b), old, new, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
		return own
	}
	for name, c := range map[string]struct {
		run  func() error
		says string
	}{
		"a name of no kind": {serviceNewCmd{ID: "tree-felling"}.Run, `such as "own-tree-felling"`},
		"no name":           {serviceNewCmd{ID: "Tree Felling"}.Run, "use small letters"},
		"no such service": {func() error {
			return serviceTestCmd{Services: []string{"own-trees"}, City: "330100", Seed: 1}.Run(t.Context(), log)
		}, "give its id, its file, or its folder"},
		"an empty folder": {func() error { return serviceTestCmd{Catalogue: t.TempDir()}.Run(t.Context(), log) }, "has no services/*.yaml"},
		"a mistyped profile": {func() error {
			return serviceTestCmd{Catalogue: change("sandbox/offices/casework.yaml", "prefix: SM", "prefiks: SM"), Seed: 1}.Run(t.Context(), log)
		}, "the key prefiks is not known here"},
		"half a profile": {func() error {
			return serviceTestCmd{Catalogue: change("sandbox/offices/casework.yaml", "  prefix: SM\n", ""), Seed: 1}.Run(t.Context(), log)
		}, `the office "tree_permits" has no prefix`},
		"a name that is taken": {func() error {
			return serviceTestCmd{Catalogue: change("sandbox/offices/casework.yaml", "tree_permits:", "id_cards:"), Seed: 1}.Run(t.Context(), log)
		}, `there are two offices "id_cards"`},
		"a trade there is not": {func() error {
			own := change("sandbox/offices/casework.yaml", "", "")
			if err := os.Rename(filepath.Join(own, "sandbox", "offices", "casework.yaml"), filepath.Join(own, "sandbox", "offices", "trees.yaml")); err != nil {
				return err
			}
			return serviceTestCmd{Catalogue: own, Seed: 1}.Run(t.Context(), log)
		}, "a file here is named by its trade"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := c.run(); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("says %v, not %q", err, c.says)
			}
		})
	}
}

// Groups and sectors that may be written are named where one looks for them.
func TestHandbookNamesGroupsAndSectors(t *testing.T) {
	t.Parallel()
	text := handbook(t)
	for file, column := range map[string]int{"kinds/groups.csv": 1, "sectors/sectors.csv": 0} {
		b, err := fs.ReadFile(catalog.FS, file)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(strings.NewReader(string(b))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows[1:] {
			if !strings.Contains(text, "`"+row[column]+"`") {
				t.Errorf("%s: %s", file, row[column])
			}
		}
	}
}
