/* global document, getSelection, location, navigator */
// Commands to copy: completed with this address. The browser gets this file as it is.

for (const place of document.querySelectorAll('[data-fill="origin"]')) {
  place.textContent = location.origin;
}
for (const button of document.querySelectorAll('button[data-copies]')) {
  button.addEventListener('click', () => copy(button));
}

async function copy(button) {
  const command = document.getElementById(button.dataset.copies);
  let said = 'Copied';
  try {
    // As it is shown: without the parts for another state of the page.
    await navigator.clipboard.writeText(command.innerText.trim());
  } catch {
    // Browsers give no clipboard to pages that come without TLS from another computer.
    getSelection().selectAllChildren(command);
    said = 'Selected';
  }
  button.textContent = said;
  document.getElementById('copied').textContent =
    said === 'Copied' ? 'Copied.' : 'Selected: copy it with the keyboard.';
}
