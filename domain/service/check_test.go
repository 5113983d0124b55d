package service_test

import (
	"os"
	"path/filepath"
	"testing"

	"zhijian/domain/service"
)

func TestBlankLoads(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	for _, id := range []string{"live-road-conditions", "unheard-of"} {
		problems, _ := service.Check(id+".yaml", service.Blank(id, c), nil)
		for _, p := range problems {
			t.Error(p)
		}
	}
}

// TestDefinitionsReadWell wants what ships to have no advice left: English everywhere, short sentences.
func TestDefinitionsReadWell(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	files, err := filepath.Glob("../../catalog/services/*.yaml")
	if err != nil || len(files) < 6 {
		t.Fatalf("found %d definitions, %v", len(files), err)
	}
	for _, f := range files {
		src, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		problems, advice := service.Check(filepath.Base(f), src, c)
		for _, p := range append(problems, advice...) {
			t.Error(p)
		}
	}
}
