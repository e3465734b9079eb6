#!/bin/sh
# Stands for ffmpeg where there is none: takes the same arguments and "decodes" a text file, one frame a line.
while [ $# -gt 1 ]; do
    case "$1" in
        -i) video=$2 ;;
        -vf) rate=$2 ;;
    esac
    shift
done
folder=${1%/*}
if ! grep -q '^frame' "$video"; then
    [ -s "$video" ] || exit 0
    printf 'one\ntwo\n%s: Invalid data found\nConversion failed\n' "$video" >&2
    exit 69
fi
count=0
while read -r frame; do
    count=$((count + 1))
    printf '%s at %s' "$frame" "$rate" > "$folder/$count.jpg"
done < "$video"
