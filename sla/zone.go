package sla

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // so that a machine without zone data can name zones
)

// zoneNames are the names of the IANA database as Go embeds it, one a line. They serve hints
// and the check of upper and lower case; a name that a newer edition adds is accepted too.
//
//go:embed zones.txt
var zoneNames string

// zoneNameMax bounds the length of a zone name in bytes.
const zoneNameMax = 64

// loadZone finds a zone by its IANA name; the empty name is UTC. Names that mean another thing
// on each machine are refused. The hint is a name that may have been meant.
func loadZone(name string) (loc *time.Location, hint string, err error) {
	if name == "" {
		return time.UTC, "", nil
	}
	if len(name) > zoneNameMax {
		return nil, "", fmt.Errorf("zone name of %d bytes, longer than %d", len(name), zoneNameMax)
	}
	if machineDependent(name) {
		return nil, `write a name such as "Europe/Rome"`, fmt.Errorf("%q means another zone on each machine", name)
	}
	names := strings.Fields(zoneNames)
	if !slices.Contains(names, name) {
		if near := nearestZone(names, name); strings.EqualFold(near, name) {
			return nil, didYouMean(near), fmt.Errorf("unknown zone %q", name)
		}
	}
	loc, err = time.LoadLocation(name)
	if err != nil {
		return nil, didYouMean(nearestZone(names, name)), fmt.Errorf("unknown zone %q", name)
	}
	return loc, "", nil
}

// machineDependent reports names that some machines resolve to their own setting, or to a
// clock that counts leap seconds.
func machineDependent(name string) bool {
	lower := strings.ToLower(name)
	return lower == "local" || lower == "localtime" || lower == "posixrules" || strings.HasPrefix(lower, "right/")
}

// nearestZone is the known name that a text most likely stands for: the same but for case,
// spaces and hyphens; else one that ends in it; else one within two edits. Empty if there is none.
func nearestZone(names []string, text string) string {
	wanted := foldZone(text)
	best, bestEdits := "", 3
	for _, name := range names {
		folded := foldZone(name)
		if folded == wanted {
			return name
		}
		if strings.HasSuffix(folded, "/"+wanted) && bestEdits > 0 {
			best, bestEdits = name, 0
		}
		if edits := editDistance(folded, wanted, bestEdits); edits < bestEdits {
			best, bestEdits = name, edits
		}
	}
	return best
}

// foldZone removes what people vary in zone names.
func foldZone(name string) string {
	return strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(strings.TrimSpace(name)))
}

// didYouMean is a hint that proposes a name, or none.
func didYouMean(name string) string {
	if name == "" {
		return ""
	}
	return fmt.Sprintf("did you mean %q?", name)
}

// editDistance is the number of bytes to insert, delete or replace to make b of a
// (Levenshtein), or at least limit if it is not less than limit.
func editDistance(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replace := diagonal
			if a[i] != b[j] {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = min(replace, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
