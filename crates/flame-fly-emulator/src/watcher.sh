# Kills what is left of an emulator that was killed itself: it ends when its input does.
groups=
while read -r verb group; do
    case $verb in
    add) groups="$groups $group" ;;
    end)
        left=
        for other in $groups; do
            [ "$other" = "$group" ] || left="$left $other"
        done
        groups=$left
        ;;
    esac
done
for group in $groups; do
    kill -s KILL -- "-$group"
done
