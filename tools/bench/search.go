package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
)

// search measures the search over 5,000 services with the benchmarks that lie beside it, each way of typing a part of its own. They run one
// after another, on one processor.
func search(ctx context.Context, b *bench) error {
	goTool := os.Getenv("GO")
	if goTool == "" {
		goTool = "go"
	}
	cmd := exec.CommandContext(ctx, goTool, "test", "-run", "^$", "-bench", "^Benchmark(FiveThousand|Index)$", "-benchtime", "2s", "-cpu", "1", "./domain/service/find")
	cmd.Dir = b.root
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	found := 0
	for line := range bytes.Lines(out) {
		fields := strings.Fields(string(line))
		if len(fields) < 2 || !strings.HasPrefix(fields[0], "Benchmark") {
			continue
		}
		if b.verbose {
			fmt.Print("  ", string(line))
		}
		_, way, _ := strings.Cut(fields[0], "/")
		for i := 2; i+1 < len(fields); i += 2 {
			value, err := strconv.ParseFloat(fields[i], 64)
			if err != nil {
				return fmt.Errorf("%s: %w", line, err)
			}
			switch fields[i+1] {
			case "p95-ns":
				b.table.limit("search of 5000 services, everyday queries, "+way+", p95", "ms", value/1e6, 10)
				found++
			case "MB":
				b.table.report("— memory of the index", "MB", value)
				found++
			}
		}
	}
	if found == 0 {
		return errors.New("the benchmarks of domain/service/find report nothing")
	}
	return nil
}
