package house

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// AsksFiles is the service of Hangzhou that asks for files in a house of OpenWithFiles.
const AsksFiles = "residence-permit-apply"

// OpenWithFiles opens a house whose Hangzhou offers the application of domain/service/testdata that asks for photos and documents. A city
// offers kinds of the list alone, so it stands under the name of one. root is the way to the repository's root.
func OpenWithFiles(t *testing.T, database, root string) *House {
	t.Helper()
	read := func(name string) string {
		b, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	folder := t.TempDir()
	for name, text := range map[string]string{
		"services/" + AsksFiles + ".yaml": strings.Replace(read("domain/service/testdata/renovation.yaml"), "id: renovation-report", "id: "+AsksFiles, 1),
		"cities/hangzhou.yaml":            strings.Replace(read("catalog/cities/hangzhou.yaml"), "services:\n", "services:\n  "+AsksFiles+": {account: hzjj}\n", 1),
	} {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return OpenWith(t, database, folder)
}
