// Command cut makes a smaller stream out of a recorded one: the header, and all
// rows of every n-th ticket. The bundled sample was made by
//
//	go run ./bench/streams/cut -every 25 incident_event_log.csv.gz sample.csv.gz
//
// Rows are copied byte for byte; the ticket is the row's first cell. The same
// input gives the same archive.
package main

import (
	"bufio"
	"compress/gzip"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
)

func main() {
	every := flag.Int("every", 25, "keep every n-th ticket, the first included")
	flag.Parse()
	if flag.NArg() != 2 || *every < 1 {
		fmt.Fprintln(os.Stderr, "usage: cut [-every N] IN.csv.gz OUT.csv.gz")
		os.Exit(2)
	}
	if err := cutFile(flag.Arg(0), flag.Arg(1), *every); err != nil {
		fmt.Fprintln(os.Stderr, "cut:", err)
		os.Exit(1)
	}
}

func cutFile(from, to string, every int) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close() //nolint:errcheck // only read
	archive, err := gzip.NewReader(in)
	if err != nil {
		return fmt.Errorf("open %s: %w", from, err)
	}
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	packed, err := gzip.NewWriterLevel(out, gzip.BestCompression)
	if err != nil {
		return err
	}
	if err := cut(archive, packed, every); err != nil {
		return err
	}
	if err := packed.Close(); err != nil {
		return err
	}
	return out.Close()
}

// cut copies the header and the rows of every n-th ticket, counted by first
// appearance.
func cut(in io.Reader, out io.Writer, every int) error {
	rows := bufio.NewScanner(in)
	rows.Buffer(nil, 1<<20)
	kept := map[string]bool{}
	for header := true; rows.Scan(); header = false {
		ticket, _, _ := strings.Cut(rows.Text(), ",")
		keep, seen := kept[ticket]
		if !header && !seen {
			keep = len(kept)%every == 0
			kept[ticket] = keep
		}
		if header || keep {
			if _, err := fmt.Fprintln(out, rows.Text()); err != nil {
				return err
			}
		}
	}
	return rows.Err()
}
