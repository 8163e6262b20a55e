// The inbox: the lead that is open stays in sight in the list, where that scrolls by itself.

const list = document.querySelector(".rows");
const open = list?.querySelector("[aria-current]");
if (open && list.scrollHeight > list.clientHeight) {
  list.scrollTop = open.offsetTop - list.offsetTop - (list.clientHeight - open.offsetHeight) / 2;
}
