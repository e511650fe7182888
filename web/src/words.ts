/**
 * Words of Cloudscape's components.
 *
 * In:    nothing. Out: English messages for all of them; without these, buttons have no names.
 */
import messages from '@cloudscape-design/components/i18n/messages/all.en';

export const LOCALE = 'en';
export const MESSAGES = [messages];
